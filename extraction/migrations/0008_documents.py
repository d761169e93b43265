from django.db import migrations


class Migration(migrations.Migration):
    """Drop a counter that nothing read: review guards against overwriting by the labels' primary keys."""

    dependencies = [("extraction", "0007_jobs")]

    operations = [migrations.RemoveField(model_name="document", name="revision")]
