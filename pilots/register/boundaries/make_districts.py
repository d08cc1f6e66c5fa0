"""Makes districts.json from the published boundaries; see README.md beside it.

    python pilots/register/boundaries/make_districts.py BOUNDARIES.topojson [OUTPUT.json]

Districts are brought onto a plane, simplified together and rounded to whole units of 100 metres. Lines are
always noded and faces put together anew from them, so that what two districts share stays one line.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

UNIT = 100
"""Metres to one unit of the file."""
TOLERANCE = 320
"""About the root of the area, in square metres, of the corners that are left out."""
SMALLEST_ISLAND = 1_500_000
"""Square metres below which an island is left out, unless a district has nothing larger."""

TITLE = "Local authority districts of England, 2013, simplified"
SOURCE = "Office for National Statistics and Ordnance Survey open data: local authority districts, 2013"
LICENCE = "Open Government Licence v3.0, https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
ATTRIBUTION = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
    "Contains Ordnance Survey data © Crown copyright and database right 2013."
)
PLANE = (
    "Units of 100 metres east and north of the origin of the British National Grid, by its projection "
    "without its change of datum (within about 150 metres). Each ring is its first point, then steps."
)

Districts = dict[str, Polygon | MultiPolygon]


def national_grid(longitude: NDArray, latitude: NDArray) -> NDArray:
    """Metres east and north: the transverse Mercator projection of the British National Grid.

    Krueger's series to the third order of the flattening; Airy's ellipsoid, true origin 49° N 2° W.
    """
    major, minor = 6_377_563.396, 6_356_256.909
    scale, false_east, false_north, origin = 0.9996012717, 400_000, -100_000, np.radians(49)
    n = (major - minor) / (major + minor)
    eccentricity = 2 * np.sqrt(n) / (1 + n)
    radius = major / (1 + n) * (1 + n**2 / 4 + n**4 / 64) * scale
    alpha = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16,
        13 * n**2 / 48 - 3 * n**3 / 5,
        61 * n**3 / 240,
    )

    def conformal(phi: Any) -> Any:
        sine = np.sin(phi)
        return np.sinh(np.arctanh(sine) - eccentricity * np.arctanh(eccentricity * sine))

    def northing(xi: Any, eta: Any) -> Any:
        terms = (a * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, a in enumerate(alpha, 1))
        return radius * (xi + sum(terms))

    t = conformal(np.radians(latitude))
    off = np.radians(longitude + 2)
    xi, eta = np.arctan2(t, np.cos(off)), np.arctanh(np.sin(off) / np.sqrt(1 + t * t))
    terms = (a * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, a in enumerate(alpha, 1))
    east = false_east + radius * (eta + sum(terms))
    north = false_north + northing(xi, eta) - northing(np.arctan(conformal(origin)), 0)
    return np.column_stack([east, north])


def published(path: Path) -> tuple[list[NDArray], dict[str, list], dict[str, str]]:
    """(arcs on the plane, the polygons of each district as indexes of arcs, names) of a TopoJSON file."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        degrees = np.cumsum(steps, axis=0) * scale + translate
        arcs.append(national_grid(degrees[:, 0], degrees[:, 1]))
    (layer,) = topology["objects"].values()
    polygons, names = {}, {}
    for geometry in layer["geometries"]:
        code = geometry["properties"]["LAD13CD"]
        names[code] = geometry["properties"]["LAD13NM"]
        polygons[code] = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return arcs, polygons, names


def even_odd(arcs: list[NDArray], polygons: list) -> Any:
    """The area inside an odd number of a district's rings, whatever corners cross after rounding."""
    rings = []
    for indexes in (ring for polygon in polygons for ring in polygon):
        points = np.vstack([arcs[i] if i >= 0 else arcs[~i][::-1] for i in indexes])
        if len(np.unique(points, axis=0)) > 2:
            rings.append(shapely.make_valid(Polygon(points)))
    area = shapely.Point()
    for ring in rings:
        area = area.symmetric_difference(ring)
    return area


def faces_of(lines: list, districts: dict[str, Any], grid: float) -> Districts:
    """The faces between lines, each given to the district that holds a point inside it.

    Lines are noded first, on a grid of so many metres, so the result is a coverage: no gaps, no overlaps.
    A small face that no district holds is a sliver between crossing lines: its nearest neighbour's.
    """
    noded = shapely.union_all(lines, grid_size=grid)
    faces = np.array(list(shapely.polygonize([noded]).geoms))
    codes = list(districts)
    points = shapely.point_on_surface(faces)
    owner = np.full(len(faces), -1)
    found = shapely.STRtree([districts[code] for code in codes]).query(points, "intersects")
    owner[found[0]] = found[1]
    slivers = np.flatnonzero((owner < 0) & (shapely.area(faces) < SMALLEST_ISLAND))
    tree = shapely.STRtree(faces)
    for sliver in slivers:
        beside = [face for face in tree.query(faces[sliver], "touches") if owner[face] >= 0]
        shared = shapely.length(shapely.intersection(faces[sliver], faces[beside]))
        owner[sliver] = owner[beside[int(np.argmax(shared))]]
    return {code: shapely.coverage_union_all(faces[owner == district]) for district, code in enumerate(codes)}


def without_small_islands(districts: Districts) -> Districts:
    """Parts that are small, away from every other district, and not a district's largest are left out."""
    tree = shapely.STRtree(list(districts.values()))

    def stays(part: Polygon, largest: float) -> bool:
        alone = len(tree.query(part, "intersects")) == 1
        return part.area == largest or part.area >= SMALLEST_ISLAND or not alone

    kept = {}
    for code, area in districts.items():
        parts = list(getattr(area, "geoms", [area]))
        largest = max(part.area for part in parts)
        kept[code] = MultiPolygon([part for part in parts if stays(part, largest)])
    return kept


def simplified(arcs: list[NDArray], polygons: dict[str, list]) -> Districts:
    """All districts, simplified together and rounded to the file's units, as a coverage."""
    whole = {code: even_odd(arcs, parts) for code, parts in polygons.items()}
    districts = faces_of([shapely.LineString(arc) for arc in arcs], whole, grid=1)
    districts = without_small_islands(districts)
    fewer = shapely.coverage_simplify(np.array(list(districts.values())), TOLERANCE)
    lines = [area.boundary for area in fewer]
    return faces_of(lines, dict(zip(districts, fewer, strict=True)), grid=UNIT)


def steps(ring: Any) -> list[int]:
    """A ring as its first point and the steps from point to point, in units; the last step is left out."""
    points = np.rint(np.array(ring.coords)[:-1] / UNIT).astype(int)
    return np.vstack([points[:1], np.diff(points, axis=0)]).ravel().tolist()


def rings(area: Polygon | MultiPolygon) -> list[list[list[int]]]:
    """Each polygon of a district as its outer ring and its holes."""
    parts = sorted(getattr(area, "geoms", [area]), key=lambda part: -part.area)
    return [[steps(ring) for ring in (part.exterior, *part.interiors)] for part in map(shapely.normalize, parts)]


def main(source: str, target: str = str(Path(__file__).with_name("districts.json"))) -> None:
    arcs, polygons, names = published(Path(source))
    districts = simplified(arcs, polygons)
    if not shapely.coverage_is_valid(list(districts.values())):
        raise SystemExit("The simplified districts overlap or leave slivers: choose another tolerance.")
    heading = {
        "title": TITLE,
        "source": SOURCE,
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
        "plane": PLANE,
        "unit_metres": UNIT,
    }
    rows = [
        json.dumps([code, names[code], rings(districts[code])], ensure_ascii=False, separators=(",", ":"))
        for code in sorted(districts)
    ]
    head = json.dumps(heading, ensure_ascii=False, indent=1)[:-2]
    Path(target).write_text(f'{head},\n "districts": [\n{",\n".join(rows)}\n]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
