"""Queries that make a summary: stored cells and roll-ups in, plain data out.

`place_summary(version, scenario) -> PlaceSummary`
`programme_summary(programme, year, scenario, kind) -> ProgrammeSummary`
`savings_cells(version, scenario, lever, agency) -> iterator of CellRow`
`sharing_pairs(version, scenario, lever) -> list of PairRow`
`default_year(programme) -> FinancialYear | None`: the newest complete published year
`place_figures(version, scenario) -> charts.inputs.PlaceFigures`
`programme_figures(programme, year, scenario, kind) -> charts.inputs.ProgrammeFigures`
`pool_figures(version, scenario) -> tuple of charts.inputs.PoolFigures`
"""
