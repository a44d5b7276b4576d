"""A suggestion on a terminal: the chain as a tree, then evidence, gaps and alternatives."""

from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from api.i18n import Texts
from api.schemas.consortium import (
    AdditionOut,
    AssignmentOut,
    ConsortiumOut,
    GapOut,
    MemberOut,
    NextBestOut,
)

__all__ = ["draw"]

_COLOURS = ("blue", "dark_orange3", "green4", "magenta3", "medium_purple3", "gold3", "cyan4")

_SHOWN = 3
"""Names of one kind that are shown; JSON has them all."""


def draw(console: Console, found: ConsortiumOut, texts: Texts) -> None:
    """Print a suggestion: heading with proof, requirements, evidence, gaps, alternatives."""
    colours = {m.iri: _COLOURS[i % len(_COLOURS)] for i, m in enumerate(found.members)}
    console.print(_chain(found, texts, colours))
    console.print()
    if found.members:
        console.print(_evidence(found, texts, colours))
        console.print()
    if found.gaps:
        console.print(_gaps(found.gaps, texts))
        console.print()
    if found.alternatives:
        console.print(_alternatives(found, texts))
        console.print()
    for title, lines in _remarks(found, texts):
        console.print(_list(title, lines))
        console.print()
    _closing(console, found, texts)


def _bar(share: float, width: int = 10) -> str:
    full = round(share * width)
    return "█" * full + "░" * (width - full)


def _chain(found: ConsortiumOut, texts: Texts, colours: dict[str, str]) -> Tree:
    heading = (
        f"[bold]{escape(found.enquiry.title)}[/]\n"
        f"[dim]{escape(found.enquiry.source)}[/]\n"
        f"{texts('Coverage')} {texts.percent(found.coverage)} · "
        f"{texts.count('{n} member', '{n} members', len(found.members))} · "
        f"{escape(found.proof.text)}"
    )
    tree = Tree(heading, guide_style="grey50")
    serving = {a.requirement: (m, a) for m in found.members for a in m.assignments}
    for requirement in found.enquiry.requirements:
        step = f" [dim]{escape(requirement.step.name)}[/]" if requirement.step else ""
        if requirement.iri not in serving:
            gap = texts("GAP") if requirement.mandatory else texts("open")
            tree.add(f"[red]✗ {escape(requirement.label)}  {gap}[/]{step}")
            continue
        member, assignment = serving[requirement.iri]
        branch = tree.add(
            f"[green]✓[/] {escape(requirement.label):<26} {_bar(assignment.score)} "
            f"{texts.percent(assignment.score):>5}{step}"
        )
        branch.add(_served(member, assignment, texts, colours[member.iri]))
    return tree


def _served(member: MemberOut, assignment: AssignmentOut, texts: Texts, colour: str) -> str:
    lines = [f"[{colour}]●[/] [bold]{escape(member.name)}[/] [dim]{escape(member.town)}[/]"]
    if assignment.relation.code != "exact":
        lines.append(f"[dim]{escape(assignment.offered.name)}: {assignment.relation.text}[/]")
    if assignment.next_best:
        lines.append(f"[dim]{escape(_next_best(assignment.next_best, texts))}[/]")
    lines += [f"[yellow]? {escape(text)}[/]" for text in assignment.to_be_confirmed]
    return "\n".join(lines)


def _next_best(other: NextBestOut, texts: Texts) -> str:
    """Name the next best by match alone; it can be cheaper there and dearer in hand-overs."""
    name, km = other.organisation.name, texts.number(abs(other.more_km))
    if other.more_km < 0:
        return texts("{name} would match for {km} km equivalents less", name=name, km=km)
    return texts("next best match: {name}, {km} km equivalents more", name=name, km=km)


def _evidence(found: ConsortiumOut, texts: Texts, colours: dict[str, str]) -> Group:
    """List what each assignment rests on, with numbered sources below."""
    table = Table(title=texts("Evidence"), title_justify="left", box=None, header_style="bold cyan")
    table.add_column(texts("Member"))
    table.add_column(texts("Statement"))
    table.add_column(texts("Year"))
    table.add_column(texts("Confidence"), justify="right")
    table.add_column(texts("Source"), justify="right")
    numbers: dict[str, int] = {}
    for member in found.members:
        for assignment in member.assignments:
            evidence = assignment.evidence
            number = numbers.setdefault(evidence.source, len(numbers) + 1)
            detail = f" ({evidence.detail})" if evidence.detail else ""
            table.add_row(
                f"[{colours[member.iri]}]●[/] {escape(member.name)}",
                escape(evidence.term + detail),
                str(evidence.year or "?"),
                texts.percent(evidence.confidence),
                escape(f"[{number}]"),
            )
    sources = [
        Text(f"[{number}] {url}", style="dim", overflow="fold") for url, number in numbers.items()
    ]
    return Group(table, *sources)


def _gaps(gaps: list[GapOut], texts: Texts) -> Table:
    table = Table(title=texts("Gaps"), title_justify="left", box=None, header_style="bold red")
    table.add_column(texts("Requirement"))
    table.add_column(texts("Reason"))
    table.add_column(texts("Nearest"))
    for gap in gaps:
        near = [f"{m.organisation.name}: {m.text}" for m in gap.near_misses[:3]]
        near += [
            f"{n.competence.name}: {texts.join([o.name for o in n.organisations[:3]])}"
            for n in gap.nearest[:3]
        ]
        table.add_row(escape(gap.label), gap.reason.text, escape("\n".join(near)))
    return table


def _alternatives(found: ConsortiumOut, texts: Texts) -> Table:
    table = Table(title=texts("Alternatives"), title_justify="left", box=None)
    table.add_column("#", justify="right")
    table.add_column(texts("Members"), justify="right")
    table.add_column(texts("more km equivalents"), justify="right")
    table.add_column(texts("Organisations"))
    for number, alternative in enumerate(found.alternatives, 1):
        table.add_row(
            str(number),
            str(len(alternative.organisations)),
            f"{alternative.more_km:+d}" + ("" if alternative.proven else " ?"),
            escape("; ".join(o.name for o in alternative.organisations)),
        )
    return table


def _remarks(found: ConsortiumOut, texts: Texts) -> list[tuple[str, list[str]]]:
    """Return what would help, what more members bring, and how firm it all is; empty ones not."""
    sizes = [
        f"{texts.count('{n} member', '{n} members', p.members)}"
        + ("" if p.cost_km is None else f", {texts.number(p.cost_km)}")
        + f": {p.text}"
        for p in found.front
    ]
    firm = [r.text for r in found.sensitivity.ranges] if found.sensitivity else []
    firm += [found.robustness.text] if found.robustness else []
    remarks = [
        (texts("What would help"), [f"{r.label}: {r.text}" for r in found.relaxations]),
        (texts("Who could develop it"), _ways_on(found.gaps, texts)),
        (texts("Smallest addition"), [_addition(a, texts) for a in found.additions]),
        (texts("Members against effort"), sizes if len(sizes) > 1 else []),
        (texts("How firm it is"), firm if found.members else []),
    ]
    return [(title, lines) for title, lines in remarks if lines]


def _ways_on(gaps: list[GapOut], texts: Texts) -> list[str]:
    """Name who is near to what nobody offers, research partners, and networks to ask."""
    lines = []
    for gap in gaps:
        for developer in gap.developers[:_SHOWN]:
            who = f"{developer.organisation.name} ({developer.competence.name})"
            partners = [partner.name for partner in developer.partners[:_SHOWN]]
            if partners:
                who = texts("{who} with {partners}", who=who, partners=texts.join(partners))
            lines.append(f"{gap.label}: {who}")
        if gap.networks:
            names = texts.join([network.cluster.name for network in gap.networks[:_SHOWN]])
            lines.append(f"{gap.label}: {texts('ask in {names}', names=names)}")
    return lines


def _addition(addition: AdditionOut, texts: Texts) -> str:
    """Say what one member would have to add, and what that brings."""
    who, what = addition.organisation.name, addition.label
    if addition.saves is None:
        return texts("{what} at {who} would close the gap", what=what, who=who)
    other = addition.saves.name
    return texts("{what} at {who} would save {other}", what=what, who=who, other=other)


def _list(title: str, lines: list[str]) -> Group:
    return Group(Text(title, style="italic"), *(Text(f"  {line}") for line in lines))


def _closing(console: Console, found: ConsortiumOut, texts: Texts) -> None:
    if found.lead:
        console.print(
            texts(
                "Lead: {name}: {reason}.",
                name=escape(found.lead.organisation.name),
                reason=found.lead.reason.text,
            )
        )
    for member in found.members:
        if member.caution:
            note = texts("Caution, {name}: {text}", name=member.name, text=member.caution)
            console.print(f"[yellow]{escape(note)}[/]")
    console.print(
        "[dim]"
        + texts(
            "Graph {version}, {ms} ms. What the graph does not state is unknown, not no.",
            version=found.run.graph_version[:12],
            ms=texts.number(found.run.elapsed_ms),
        )
        + "[/]"
    )
