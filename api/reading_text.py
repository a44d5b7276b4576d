"""What the commands ``understand`` and ``funding`` read and print."""

import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api import i18n
from api.i18n import Texts
from api.schemas.funding import FundingOut, ProgrammeOut
from api.schemas.understanding import MAX_TEXT, LimitReadingOut, ProposalOut, RequirementReadingOut
from graph.errors import SourceFormatError

__all__ = ["print_funding", "print_proposal", "text_of"]

_MARKS = {"eligible": "[green]✓[/]", "not-eligible": "[red]✗[/]", "unknown": "[yellow]?[/]"}


def text_of(file: str) -> str:
    """Return the text of a file, or of standard input for ``-``.

    Raises:
        SourceFormatError: The file cannot be read, is no UTF-8 text, empty or too long.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFormatError(file, str(error)) from error
    if not text.strip():
        raise SourceFormatError(file, "there is no text in it")
    if len(text) > MAX_TEXT:
        raise SourceFormatError(file, f"longer than {MAX_TEXT} characters")
    return text


def print_proposal(
    proposal: ProposalOut, language: str, shape: str, *, only_enquiry: bool = False
) -> None:
    """Print a proposal as a table or as JSON, or only its enquiry as JSON."""
    if only_enquiry:
        enquiry = proposal.enquiry
        sys.stdout.write(enquiry.model_dump_json(indent=2) + "\n" if enquiry else "null\n")
    elif shape == "table":
        _draw(proposal, i18n.texts(language))
    else:
        sys.stdout.write(proposal.model_dump_json(indent=2) + "\n")


def _draw(proposal: ProposalOut, texts: Texts) -> None:
    console = Console()
    table = Table(box=None, header_style="bold cyan")
    for heading in (texts("Requirement"), texts("Words"), "%", texts("Conditions")):
        table.add_column(heading)
    for requirement in proposal.requirements:
        table.add_row(
            escape(requirement.competence.name),
            escape(", ".join(e.words for e in requirement.evidence)),
            f"{requirement.score * 100:.0f}",
            escape(_conditions(requirement)),
        )
    console.print(table)
    general = [*(_limit(x) for x in proposal.limits), *(m.concept.name for m in proposal.materials)]
    general += [c.concept.name for c in proposal.certificates]
    if proposal.due_date:
        general.append(proposal.due_date.isoformat())
    if general:
        console.print(escape(f"{texts('For the whole enquiry')}: {'; '.join(general)}"))
    for rejected in proposal.rejected:
        console.print(f"[dim]- {escape(rejected.evidence.words)}: {escape(rejected.text)}[/]")
    if proposal.gaps:
        words = ", ".join(f"{g.word} ({g.count})" for g in proposal.gaps)
        console.print(f"[yellow]{escape(texts('Words that nothing explains'))}: {escape(words)}[/]")


def _conditions(requirement: RequirementReadingOut) -> str:
    parts = [m.concept.name for m in requirement.materials]
    parts += [_limit(x) for x in requirement.limits]
    return "; ".join([*parts, *(c.concept.name for c in requirement.certificates)])


def _limit(found: LimitReadingOut) -> str:
    return f"{found.dimension.name} {found.evidence.words}"


def print_funding(found: FundingOut, language: str, shape: str) -> None:
    """Print the answers as a list or as JSON."""
    if shape != "table":
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
        return
    console = Console()
    for programme in found.programmes:
        _draw_programme(console, programme, i18n.texts(language))
    console.print(f"[bold yellow]{escape(found.caution)}[/]")


def _draw_programme(console: Console, found: ProgrammeOut, texts: Texts) -> None:
    console.print(f"{_MARKS[found.verdict]} [bold]{escape(found.name)}[/] {escape(found.text)}")
    console.print(f"    {escape(found.region_text)} {escape(found.deadline.text)}")
    for rule in found.rules:
        for change in rule.changes:
            console.print(f"    [cyan]→ {escape(change.text)}[/]")
    for rule in found.rules:
        year = rule.rule.source_year or texts("not dated")
        console.print(f"    [dim]{escape(rule.rule.label)}: {rule.rule.source} ({year})[/]")
