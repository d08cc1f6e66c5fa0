"""What follows from a count: assumption sets, savings maps and what stands in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from pilots.models import Agency, AgencyType, Programme, ServiceLine, SpendLine, SpendType, Version


class Scenario(models.TextChoices):
    LOW = "low", "Low"
    CENTRAL = "central", "Central"
    HIGH = "high", "High"


class AssumptionSet(models.Model):
    """A numbered version of the levers and everything else a savings map assumes.

    Once published the database refuses any change to it, its levers and their rules.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="assumption_sets")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    horizon_years = models.PositiveSmallIntegerField()
    discount_rate = models.DecimalField(max_digits=6, decimal_places=5)
    min_option_saving = models.DecimalField(max_digits=14, decimal_places=2)
    min_participant_saving = models.DecimalField(max_digits=14, decimal_places=2)
    draws = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    error_actual = models.DecimalField(max_digits=6, decimal_places=5)
    error_budget = models.DecimalField(max_digits=6, decimal_places=5)
    error_estimate = models.DecimalField(max_digits=6, decimal_places=5)
    error_apportioned = models.DecimalField(max_digits=6, decimal_places=5)
    # Why each set-wide value is what it is, by name.
    reasons = models.JSONField(default=dict)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_assumption_set_of_a_number"),
            models.CheckConstraint(condition=Q(horizon_years__gte=3), name="horizon_at_least_3_years"),
            models.CheckConstraint(condition=Q(discount_rate__gte=0, discount_rate__lt=1), name="discount_rate"),
        ]

    def __str__(self) -> str:
        return f"Assumption set {self.number}"


class CurrentAssumptionSet(models.Model):
    """The one set that a programme's maps are made with now."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="current_assumptions")
    assumption_set = models.ForeignKey(AssumptionSet, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.programme}: {self.assumption_set}"


def _rate(**options) -> models.DecimalField:
    return models.DecimalField(max_digits=8, decimal_places=6, **options)


class Lever(models.Model):
    """One entry of the menu of ways to save, as one assumption set has it."""

    class Pool(models.TextChoices):
        SERVICE_LINE = "service_line", "Each service line"
        SERVICE_GROUP = "service_group", "Each group of services"
        PLACE = "place", "The whole place"

    class Quality(models.TextChoices):
        BETTER = "better", "Better"
        NEUTRAL = "neutral", "Neutral"
        WORSE = "worse", "Worse"

    assumption_set = models.ForeignKey(AssumptionSet, on_delete=models.CASCADE, related_name="levers")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    pool = models.CharField(max_length=13, choices=Pool)
    beta_low = _rate()
    beta_central = _rate()
    beta_high = _rate()
    own_low = _rate()
    own_central = _rate()
    own_high = _rate()
    cap = _rate()
    # Shares of the full-year saving reached in the option's years 1, 2, 3.
    ramp = ArrayField(_rate(), size=3)
    cost_multiple = _rate()
    cost_profile = ArrayField(_rate(), size=3)
    effort_fixed_months = models.DecimalField(max_digits=8, decimal_places=2)
    effort_months_per_agency = models.DecimalField(max_digits=8, decimal_places=2)
    effort_profile = ArrayField(_rate(), size=3)
    quality = models.CharField(max_length=7, choices=Quality)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["assumption_set", "code"], name="one_lever_of_a_code"),
            models.CheckConstraint(
                condition=Q(beta_high__gt=0, beta_low__lte=1)
                & Q(beta_high__lte=F("beta_central"), beta_central__lte=F("beta_low")),
                name="beta_above_0_up_to_1_low_case_largest",
            ),
            models.CheckConstraint(
                condition=Q(own_low__gte=0, own_high__lt=1)
                & Q(own_low__lte=F("own_central"), own_central__lte=F("own_high")),
                name="own_from_0_below_1_low_case_smallest",
            ),
            models.CheckConstraint(condition=Q(cap__gte=0, cap__lte=1), name="cap_0_to_1"),
        ]

    def __str__(self) -> str:
        return self.name


class LeverRule(models.Model):
    """The share of a cell that a lever can address; a blank field fits any."""

    lever = models.ForeignKey(Lever, on_delete=models.CASCADE, related_name="rules")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    spend_type = models.ForeignKey(SpendType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agency_type = models.ForeignKey(AgencyType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    share = _rate()
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lever", "service_line", "spend_type", "agency_type"],
                nulls_distinct=False,
                name="no_two_rules_alike",
            ),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="rule_share_0_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.lever}: {self.share}"


class SavingsMap(models.Model):
    """What one version's spend could save under one assumption set. It never changes once stored."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="maps")
    # What it was made from: it is fresh while these are what they were.
    revision = models.BigIntegerField()
    assumption_set = models.ForeignKey(AssumptionSet, on_delete=models.PROTECT, related_name="maps")
    register_revision = models.BigIntegerField()
    inputs_digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    spend_total = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "revision", "assumption_set", "register_revision"],
                name="one_map_of_the_same_inputs",
            ),
        ]

    def __str__(self) -> str:
        return f"Savings map {self.pk}"


class CurrentMap(models.Model):
    """The pointer that makes a map current for its version, moved in one step."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, primary_key=True, related_name="current_map")
    map = models.ForeignKey(SavingsMap, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.version_id}: {self.map_id}"


class FailedMap(models.Model):
    """Why a version's map could not be made from certain inputs: asked for again later each time, at once from others.

    It goes when a map of the version is made.
    """

    version = models.OneToOneField(Version, on_delete=models.CASCADE, primary_key=True, related_name="failed_map")
    revision = models.BigIntegerField()
    assumption_set = models.ForeignKey(AssumptionSet, on_delete=models.CASCADE, related_name="+")
    register_revision = models.BigIntegerField()
    attempts = models.PositiveIntegerField()
    not_before = models.DateTimeField()
    # For the place's lead.
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.version_id}: {self.reason}"


def _pounds() -> models.DecimalField:
    return models.DecimalField(max_digits=18, decimal_places=2)


def _register_key(to, **options) -> models.ForeignKey:
    """A column written by COPY in bulk from rows just read: no check per row."""
    return models.ForeignKey(
        to, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **options
    )


def _of_map(**options) -> models.ForeignKey:
    """The map that a row written by COPY stands in, made in the same transaction: no check per row either."""
    return models.ForeignKey(SavingsMap, on_delete=models.CASCADE, db_constraint=False, **options)


class SavingsCell(models.Model):
    """The stored cell of the method: (agency, service line, lever) in each case, summed over spend types."""

    pk = models.CompositePrimaryKey("map_id", "scenario", "agency_id", "service_line_id", "lever_id")
    map = _of_map(related_name="cells", db_index=False)
    scenario = models.CharField(max_length=7, choices=Scenario)
    agency = _register_key(Agency)
    service_line = _register_key(ServiceLine)
    lever = _register_key(Lever)
    addressable = _pounds()
    saving = _pounds()
    joined = _pounds()
    is_capped = models.BooleanField()
    # The saving by the basis of the spend under it; the four add to the saving.
    rests_on_actual = _pounds()
    rests_on_budget = _pounds()
    rests_on_estimate = _pounds()
    rests_on_apportioned = _pounds()

    def __str__(self) -> str:
        return f"{self.pk}: {self.saving}"


class SharingPair(models.Model):
    """What two agencies would save if only they joined up (method, The map between agencies)."""

    pk = models.CompositePrimaryKey("map_id", "scenario", "lever_id", "agency_a_id", "agency_b_id")
    map = _of_map(related_name="pairs", db_index=False)
    scenario = models.CharField(max_length=7, choices=Scenario)
    lever = _register_key(Lever)
    agency_a = _register_key(Agency)
    agency_b = _register_key(Agency)
    saving = _pounds()

    def __str__(self) -> str:
        return f"{self.pk}: {self.saving}"


class LeverResult(models.Model):
    """A lever in a map: its full-year saving, the three years of the review, and what it is worth."""

    class PaybackStatus(models.TextChoices):
        REACHED = "reached", "Pays back"
        BEYOND_HORIZON = "beyond_horizon", "Does not pay back within the horizon"
        NOTHING_SAVED = "nothing_saved", "Saves nothing"

    pk = models.CompositePrimaryKey("map_id", "scenario", "lever_id")
    map = models.ForeignKey(SavingsMap, on_delete=models.CASCADE, db_index=False, related_name="lever_results")
    scenario = models.CharField(max_length=7, choices=Scenario)
    lever = _register_key(Lever)
    addressable = _pounds()
    saving = _pounds()
    joined = _pounds()
    # Review years 1, 2, 3; year 3's saving holds ever after.
    saving_by_year = ArrayField(_pounds(), size=3)
    cost_by_year = ArrayField(_pounds(), size=3)
    net_present_value = _pounds()
    payback = models.PositiveSmallIntegerField(null=True)
    payback_status = models.CharField(max_length=14, choices=PaybackStatus)

    def __str__(self) -> str:
        return f"{self.pk}: {self.saving}"


class MapResult(models.Model):
    """A map's totals in one case: the sums of its levers, and the payback of all of them together."""

    pk = models.CompositePrimaryKey("map_id", "scenario")
    map = models.ForeignKey(SavingsMap, on_delete=models.CASCADE, db_index=False, related_name="results")
    scenario = models.CharField(max_length=7, choices=Scenario)
    saving = _pounds()
    joined = _pounds()
    saving_by_year = ArrayField(_pounds(), size=3)
    cost_by_year = ArrayField(_pounds(), size=3)
    net_present_value = _pounds()
    payback = models.PositiveSmallIntegerField(null=True)
    payback_status = models.CharField(max_length=14, choices=LeverResult.PaybackStatus)

    def __str__(self) -> str:
        return f"{self.pk}: {self.saving}"


class PoolResult(models.Model):
    """A pool's saving before and after the cap, in the map's case (pages show both)."""

    map = _of_map(related_name="pools")
    scenario = models.CharField(max_length=7, choices=Scenario)
    lever = _register_key(Lever)
    # The code of the service line or group, blank for the whole place.
    pool = models.CharField(max_length=60, blank=True)
    agencies = models.PositiveIntegerField()
    addressable = _pounds()
    saving_before_cap = _pounds()
    saving_after_cap = _pounds()

    def __str__(self) -> str:
        return f"{self.lever_id} {self.pool}: {self.saving_after_cap}"


class RollUp(models.Model):
    """A version's spend summed to the keys that pages and aggregates ask for.

    Raw spend lines are read only where lines are shown.
    """

    # Written in bulk from the version's own lines: no check per row.
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_constraint=False, related_name="roll_up")
    agency = _register_key(Agency)
    funder = _register_key(Agency, null=True)
    service_line = _register_key(ServiceLine)
    spend_type = _register_key(SpendType)
    basis = models.CharField(max_length=12, choices=SpendLine.Basis)
    method = models.CharField(max_length=20, choices=SpendLine.Method, blank=True)
    is_capital = models.BooleanField()
    is_transfer = models.BooleanField()
    amount = _pounds()
    # Sum of the absolute amounts: what a saving rests on is divided by these.
    absolute_amount = _pounds()
    lines = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.agency_id} {self.service_line_id}: {self.amount}"


class CountedSum(models.Model):
    """A version's roll-up summed to one of `mapping.grains`: what most aggregates read.

    `grain` is its number; the columns that it does not tell apart are null.
    """

    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="counted_sums"
    )
    grain = models.PositiveSmallIntegerField()
    agency = _register_key(Agency, null=True)
    funder = _register_key(Agency, null=True)
    service_line = _register_key(ServiceLine, null=True)
    spend_type = _register_key(SpendType, null=True)
    basis = models.CharField(max_length=12, choices=SpendLine.Basis, null=True)
    is_capital = models.BooleanField()
    is_transfer = models.BooleanField()
    amount = _pounds()
    lines = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["version", "grain"], name="counted_sums_of_a_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.grain}: {self.amount}"
