"""What is done to the catalogue: built from plain data, placed from another one, and versions prepared and published."""

from stadhuis.catalogi.actions.build import build
from stadhuis.catalogi.actions.placing import Placed, place_types
from stadhuis.catalogi.actions.versions import new_version, publish_version

__all__ = ["Placed", "build", "new_version", "place_types", "publish_version"]
