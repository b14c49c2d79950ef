"""The one door to what a seat is counted as. Nothing else reads PostCategory (a test walks the source).

Counts come out of it, never a category with a name — except where the person chose it (CategoryConsent).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from nimo.community.councils.choices.bodies import SENSITIVE_CATEGORIES, Category, Field, Standing
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.posts import CategoryConsent, Holding, PostCategory
from nimo.community.councils.policies.bodies import holdings_on
from nimo.community.councils.rules.categories import Breakdown, fold, threshold_of
from nimo.core.disclosure.policy import shipped_policy

SITTING = (Standing.MEMBER, Standing.OBSERVER)


def tally(holding_ids: Iterable[UUID]) -> Counter[Category]:
    """How many of these holders are counted as what. Exact: for sums over many meetings, and for `fold`; not for a screen."""
    ids = list(holding_ids)
    posts = dict(Holding.objects.filter(pk__in=ids).values_list("pk", "post_id"))
    said = dict(PostCategory.objects.filter(post_id__in=set(posts.values())).values_list("post_id", "category"))
    return Counter(Category(said[posts[one]]) if posts.get(one) in said else Category.OTHER for one in ids)


def tallies(holdings_by_key: dict[str, list[UUID]]) -> dict[str, Counter[Category]]:
    """`tally` of many groups in two queries."""
    ids = {one for group in holdings_by_key.values() for one in group}
    posts = dict(Holding.objects.filter(pk__in=ids).values_list("pk", "post_id"))
    said = dict(PostCategory.objects.filter(post_id__in=set(posts.values())).values_list("post_id", "category"))
    return {
        key: Counter(Category(said[posts[one]]) if posts.get(one) in said else Category.OTHER for one in group)
        for key, group in holdings_by_key.items()
    }


def breakdown_of(holding_ids: Iterable[UUID], day: date) -> Breakdown:
    """What may be shown of a group of holders."""
    return fold(tally(holding_ids), threshold_of(shipped_policy(day)))


def body_breakdown(body: Body, day: date) -> Breakdown:
    """Members and observers of a body on a day."""
    ids = holdings_on(day).filter(post__body=body, standing__in=SITTING).values_list("pk", flat=True)
    return breakdown_of(ids, day)


def sensitive_people(body_id: UUID, day: date) -> frozenset[Category]:
    """Which of 当事者 and 家族 sit as members: for checks of the regulation that say only whether somebody does."""
    posts = holdings_on(day).filter(post__body_id=body_id, standing=Standing.MEMBER).values("post_id")
    found = PostCategory.objects.filter(post_id__in=posts, category__in=SENSITIVE_CATEGORIES)
    return frozenset(Category(one) for one in found.values_list("category", flat=True))


def fields_represented(body_ids: Collection[UUID], day: date) -> dict[Field, int]:
    """Of a whole system: for each field, how many bodies have a seat for it that somebody holds."""
    rows = holdings_on(day).filter(post__body_id__in=body_ids).values_list("post_id", "post__body_id")
    bodies = dict(rows)
    found: dict[Field, set[UUID]] = defaultdict(set)
    for post_id, category, fields in PostCategory.objects.filter(post_id__in=bodies).values_list(
        "post_id", "category", "fields"
    ):
        named = set(fields) | ({Field.PEER} if category == Category.PEER else set())
        named |= {Field.FAMILY} if category == Category.FAMILY else set()
        for one in named:
            found[Field(one)].add(bodies[post_id])
    return {one: len(found[one]) for one in Field}


def shown_categories(holding_ids: Collection[UUID], day: date) -> dict[UUID, str]:
    """Labels that may stand beside a name: of those only who chose it, 当事者 and 家族 only.

    Nothing is shown for anybody else, not even 保健 or 福祉: an empty place would tell.
    """
    chosen = CategoryConsent.objects.filter(
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day), holding_id__in=holding_ids, chosen_on__lte=day
    ).values_list("holding_id", "holding__post_id")
    posts = dict(chosen)
    said = dict(
        PostCategory.objects.filter(post_id__in=set(posts.values()), category__in=SENSITIVE_CATEGORIES).values_list(
            "post_id", "category"
        )
    )
    return {holding: Category(said[post]).label for holding, post in posts.items() if post in said}
