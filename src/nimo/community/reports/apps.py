from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "nimo.community.reports"
    label = "reports"
    verbose_name = "報告・答弁"
    default_auto_field = "django.db.models.BigAutoField"
