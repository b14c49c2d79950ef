from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "nimo.community.statistics"
    label = "statistics"
    verbose_name = "統計の取り込み"
    default_auto_field = "django.db.models.BigAutoField"
