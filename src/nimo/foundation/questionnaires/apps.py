from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "nimo.foundation.questionnaires"
    label = "questionnaires"
    verbose_name = "アンケート・様式"
    default_auto_field = "django.db.models.BigAutoField"
