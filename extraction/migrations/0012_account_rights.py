"""Creating projects becomes a right of its own; whoever owns a project goes on to have it."""

from typing import Any

from django.db import migrations


def give(apps: Any, editor: Any) -> None:
    owners = apps.get_model("extraction", "User").objects.filter(memberships__role="owner").distinct()
    if not owners.exists():
        return
    # Django makes the permissions after the migrations.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="extraction", model="project"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="add_project", defaults={"name": "Can add project"}
    )
    for owner in owners:
        owner.user_permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("extraction", "0011_best_labels"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
