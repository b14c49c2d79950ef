"""Tables by noun: forms (what is asked), rounds (who is asked, until when), answers. Django finds them through here."""

from nimo.foundation.questionnaires.models import answers, forms, rounds  # noqa: F401
