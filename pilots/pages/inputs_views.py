"""The numbers by which a programme shares out what wider bodies spend."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pilots.apportion.recording import InputRefused, load_inputs, record_input, remove_input
from pilots.models import ApportionmentInput, Programme
from pilots.permissions import Action, allows, require
from pilots.spend.files import UPLOADED, FileRefused, read_table
from totalplace import money

from .apportion_forms import InputForm, InputsFileForm
from .asking import signed_in, who
from .choosing import frame
from .fields import BODIES_LIST, bodies_to_pick

VIA = "page"
ON_A_PAGE = 100
# Problems of a file that a page shows.
SHOWN = 50


@never_cache
@require_safe
def inputs(request: HttpRequest, slug: str) -> HttpResponse:
    """The numbers as they stand, with forms for who may change them."""
    require(who(request), Action.READ_PUBLISHED)
    programme = _programme(slug)
    return _page(request, programme, InputForm(None, programme), InputsFileForm())


@require_POST
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """Records one number."""
    programme = _programme(slug)
    require(who(request), Action.EDIT_REGISTER)
    form = InputForm(request.POST, programme)
    if form.is_valid():
        try:
            read = record_input(programme, form.given(), signed_in(request), VIA)
        except InputRefused as refused:
            form.refuse(refused.errors)
        else:
            messages.success(
                request,
                f"{read.get_measure_display()} of {read.place or read.agency}, {read.financial_year}, was recorded. "
                "Places see what would move and apply it.",
            )
            return redirect("apportionment-inputs", slug)
    return _page(request, programme, form, InputsFileForm(), status=422)


@require_POST
def remove(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Removes one number."""
    programme = _programme(slug)
    require(who(request), Action.EDIT_REGISTER)
    rows = ApportionmentInput.objects.filter(programme=programme, pk=number).select_related("place", "agency")
    found = rows.first()
    if found is None:
        raise Http404("This number is not there; somebody may have removed it.")
    remove_input(found, signed_in(request), VIA)
    messages.success(
        request,
        f"{found.get_measure_display()} of {found.place or found.agency}, {found.financial_year}, was removed. "
        "Lines that rest on it stay as they are.",
    )
    return redirect("apportionment-inputs", slug)


@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Records the numbers of a file, all or nothing."""
    programme = _programme(slug)
    require(who(request), Action.EDIT_REGISTER)
    form, problems = InputsFileForm(request.POST, request.FILES), []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > UPLOADED.bytes:
                raise FileRefused([])
            loaded = load_inputs(programme, read_table(file.read(), file.name), signed_in(request), VIA)
        except FileRefused as refused:
            problems = [str(problem) for problem in refused.problems.kept[:SHOWN]] or ["The file is too large."]
        else:
            messages.success(
                request, f"{money.starting(money.counted(loaded, 'number was', 'numbers were'))} recorded."
            )
            return redirect("apportionment-inputs", slug)
    return _page(request, programme, InputForm(None, programme), form, problems, status=422)


def _page(
    request: HttpRequest,
    programme: Programme,
    form: InputForm,
    file_form: InputsFileForm,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    may_edit = allows(who(request), Action.EDIT_REGISTER)
    context = {
        **frame(request, programme, "programmes"),
        "form": form,
        "file_form": file_form,
        "problems": problems or [],
        "page": Paginator(_found(programme, asked), ON_A_PAGE).get_page(request.GET.get("page")),
        "q": asked,
        "may_edit": may_edit,
        "bodies": bodies_to_pick(programme) if may_edit else [],
        "bodies_list": BODIES_LIST,
    }
    return render(request, "pilots/inputs.html", context, status=status)


def _found(programme: Programme, asked: str) -> QuerySet[ApportionmentInput]:
    """Numbers whose measure, place, body or year has the words."""
    rows = ApportionmentInput.objects.filter(programme=programme).select_related("place", "agency")
    for word in asked.split():
        rows = rows.filter(
            Q(measure__icontains=word)
            | Q(place__name__icontains=word)
            | Q(agency__name__icontains=word)
            | Q(financial_year__icontains=word)
        )
    return rows.order_by("measure", "-financial_year", "place__name", "agency__name")


def _programme(slug: str) -> Programme:
    programme = Programme.objects.filter(slug=slug).first()
    if programme is None:
        raise Http404(f'There is no programme "{slug}".')
    return programme
