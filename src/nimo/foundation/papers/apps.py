from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "nimo.foundation.papers"
    label = "papers"
    verbose_name = "紙の書類"
    default_auto_field = "django.db.models.BigAutoField"
