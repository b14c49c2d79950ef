from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "nimo.foundation.jobs"
    label = "jobs"
    verbose_name = "時間のかかる処理"
    default_auto_field = "django.db.models.BigAutoField"
