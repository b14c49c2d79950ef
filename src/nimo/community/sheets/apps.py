from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "nimo.community.sheets"
    label = "sheets"
    verbose_name = "自治体情報シート"
    default_auto_field = "django.db.models.BigAutoField"
