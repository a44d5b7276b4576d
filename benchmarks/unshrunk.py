"""A plugin of pytest: random cases that fail are not made smaller, which nobody reads here."""

from hypothesis import Phase, settings

__all__: list[str] = []

settings.register_profile("unshrunk", phases=[Phase.explicit, Phase.generate])
settings.load_profile("unshrunk")
