"""Documents know on how many of their pages no word was found."""

from typing import Any

from django.db import migrations, models


def count(apps: Any, editor: Any) -> None:
    documents, pages = (apps.get_model("extraction", name) for name in ("Document", "Page"))
    empty = pages.objects.filter(document=models.OuterRef("pk"), words=[]).order_by().values("document")
    counted = empty.annotate(number=models.Count("pk")).values("number")
    documents.objects.filter(pages__words=[]).update(empty_pages=models.Subquery(counted))


class Migration(migrations.Migration):
    dependencies = [("extraction", "0018_year_first")]

    operations = [
        migrations.AddField(
            "document",
            "empty_pages",
            models.PositiveIntegerField(default=0, help_text="Pages on which no word was found."),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
