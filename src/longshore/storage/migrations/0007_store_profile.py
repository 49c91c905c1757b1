from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("storage", "0006_healed_at")]

    operations = [migrations.RenameField("store", "facts", "profile")]
