from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "nimo.foundation.search"
    label = "search"
    verbose_name = "検索"
    default_auto_field = "django.db.models.BigAutoField"
