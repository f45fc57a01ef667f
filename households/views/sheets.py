"""Families and contacts in from a spreadsheet, and one's own files out to one."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface import spreadsheets
from buurtwerk.trail.models import Access
from households import exports
from households.actions import sheets as actions
from households.forms.sheets import ColumnsForm, ExportForm, SheetForm
from households.intake import Line, look
from households.models import UploadedSheet

PER_PAGE = 50

EXAMPLES = {
    UploadedSheet.Kind.FAMILIES: (
        ["Roepnaam", "Adres", "Buurt", "Talen", "Voornaam", "Familienaam", "Geboortejaar", "Rol", "Telefoon"],
        [
            ["Gezin Voorbeeld", "Voorbeeldstraat 1", "", "Arabisch, Nederlands", "Amina", "", "1988", "ouder", ""],
            ["Gezin Voorbeeld", "Voorbeeldstraat 1", "", "", "Bilal", "", "2015", "kind", ""],
            ["Oma van het plein", "", "", "Turks", "Emine", "", "1951", "grootouder", "0470 00 00 00"],
        ],
    ),
    UploadedSheet.Kind.CONTACTS: (
        ["Gezin", "Datum", "Vorm", "Resultaat", "Minuten", "Nota"],
        [
            ["Gezin Voorbeeld", "24/12/2025", "Huisbezoek", "Gesproken", "30", "Brief van de school samen gelezen."],
            ["Gezin Voorbeeld", "12/01/2026", "Telefoon", "Niet bereikt", "", ""],
        ],
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.move")
def upload(request):
    form = SheetForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        sheet = UploadedSheet.objects.create(
            user=request.user,
            centre=form.chosen_centre,
            kind=form.cleaned_data["kind"],
            headings=form.cleaned_data["file"].headings,
            rows=form.cleaned_data["file"].rows,
        )
        return redirect("households:sheet-columns", sheet.pk)
    waiting = UploadedSheet.objects.visible_to(request.user).waiting().defer("rows")
    recent = UploadedSheet.objects.visible_to(request.user).done_since(timezone.now() - actions.TAKEN_BACK_WITHIN)
    done = [sheet for sheet in recent if sheet.brought]
    return render(request, "households/sheet_upload.html", {"form": form, "waiting": waiting, "done": done})


@require_safe
@right_required("families.move")
def example(request, kind):
    if kind not in EXAMPLES:
        raise Http404
    headings, rows = EXAMPLES[kind]
    content = spreadsheets.as_xlsx(headings, rows, title="Voorbeeld")
    return _as_file(content, f"voorbeeld-{UploadedSheet.Kind(kind).label.split()[0].lower()}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.move")
def columns(request, pk):
    sheet = _sheet(request, pk)
    form = ColumnsForm(request.POST or None, sheet=sheet, user=request.user)
    if request.method == "POST" and form.is_valid():
        sheet.columns = form.columns()
        sheet.worker = form.cleaned_data.get("worker")
        sheet.role = form.cleaned_data.get("role", "")
        sheet.save(update_fields=["columns", "worker", "role"])
        return redirect("households:sheet-try", sheet.pk)
    return render(request, "households/sheet_columns.html", {"form": form, "sheet": sheet})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.move")
def try_out(request, pk):
    """What would happen with each row; and, when someone says so, that it happens."""
    sheet = _sheet(request, pk, locked=request.method == "POST")
    if not sheet.columns:
        return redirect("households:sheet-columns", sheet.pk)
    as_new = [
        str(int(number))
        for number in request.POST.getlist("as_new")
        if number.isascii() and number.isdecimal() and len(number) < 8
    ]
    if request.method == "POST":
        return _take_in(request, sheet, as_new)
    outcome = look(sheet, user=request.user)
    shown = [line for line in outcome.lines if line.state in (Line.WRONG, Line.ALIKE)]
    rest = [line for line in outcome.lines if line.state not in (Line.WRONG, Line.ALIKE)]
    page = Paginator([*shown, *rest], PER_PAGE).get_page(request.GET.get("page"))
    known = {line.family.pk: line.family for line in page if line.family}
    Access.objects.record_shown(request, known.values(), action=Access.Action.SEARCH, record_type="household")
    alike = [line for line in shown if line.state == Line.ALIKE]
    context = {"sheet": sheet, "outcome": outcome, "page": page, "alike": alike}
    return render(request, "households/sheet_try.html", context)


def _take_in(request, sheet, as_new):
    actions.take_in(sheet, by=request.user, as_new=as_new)
    read = sheet.result
    parts = [
        _many(read["families"], "gezin", "gezinnen"),
        _many(read["people"], "persoon", "personen"),
        _many(read["contacts"], "contact", "contacten"),
    ]
    told = [part for part in parts if part]
    if told:
        sentence = f"Ingelezen: {', '.join(told)}. Het bestand zelf bewaren we niet."
        say_with_undo(request, sentence, name=actions.TAKEN_IN, subject_id=sheet.pk)
    else:
        messages.info(request, "Er kwam niets bij: alles staat er al, of is nog niet juist.")
    return redirect("households:list")


def _many(number, one, more):
    return f"{number} {one if number == 1 else more}" if number else ""


@require_POST
@right_required("families.move")
def discard(request, pk):
    _sheet(request, pk).delete()
    messages.success(request, "Het bestand is weg. Er is niets ingelezen.")
    return redirect("households:sheet-upload")


@require_POST
@right_required("families.move")
def take_back(request, pk):
    """The same as the undo in the green message, which is gone sooner."""
    done = UploadedSheet.objects.visible_to(request.user).exclude(done_at=None)
    outcome = actions.take_back(get_object_or_404(done, pk=pk).pk, by=request.user)
    messages.info(request, outcome[0] if isinstance(outcome, tuple) else outcome)
    return redirect("households:sheet-upload")


def _sheet(request, pk, *, locked=False):
    sheets = UploadedSheet.objects.visible_to(request.user).waiting()
    return get_object_or_404(sheets.select_for_update() if locked else sheets, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.move")
@reauthentication_required(allow_get=True, enabled=lambda request: request.method == "POST")
def export(request):
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _export(request, form)
    return render(request, "households/export.html", {"form": form})


def _export(request, form):
    chosen = form.cleaned_data
    made = exports.make(
        request.user,
        what=chosen["what"],
        since=chosen["since"],
        until=chosen["until"],
        neighbourhood=chosen["neighbourhood"],
    )
    for centre in {household.centre_id for household in made.households}:
        Access.objects.record(
            request,
            action=Access.Action.EXPORT,
            record_type="household",
            ids=[household.pk for household in made.households if household.centre_id == centre],
            centre_id=centre,
            reason=form.in_words(),
        )
    rows = made.rows
    if made.left_out:
        rows = [*rows, [f"Enkel wat gedeeld is, zonder de luiken: {', '.join(made.left_out)}"]]
    name = f"{made.title.lower()}-{timezone.localdate():%Y-%m-%d}"
    if chosen["kind"] == "csv":
        return _as_file(spreadsheets.as_csv(made.headings, rows), f"{name}.csv", "text/csv; charset=utf-8")
    return _as_file(spreadsheets.as_xlsx(made.headings, rows, title=made.title), f"{name}.xlsx")


def _as_file(content, name, content_type=spreadsheets.XLSX):
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
