"""What a load of the register did."""

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class LoadCounts:
    """The number of rows of one kind that were added, changed and left as they were."""

    kind: str
    added: int = 0
    changed: int = 0
    left: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.added} added, {self.changed} changed, "
            f"{self.left} left as they were"
        )


@dataclass
class LoadReport:
    """The result of a load. `differences` are sentences on what the load did not change."""

    tallies: list[LoadCounts] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def wrote(self) -> bool:
        return any(tally.added or tally.changed for tally in self.tallies)
