"""Opens a run's QGIS project off-screen, as a planner would, and checks what it shows.

Usage: check_qgis.py RUN/maps    Exit 0 all well, 1 a fault, 69 no QGIS.
"""
import os
import pathlib
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
try:
    from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsVectorLayer
    from qgis.PyQt.QtCore import QSize
except ImportError:
    print("skip QGIS: python3-qgis is not installed")
    sys.exit(69)


def check(folder):
    project = QgsProject.instance()
    assert project.read(str(folder / "talentcast.qgs")), "the project cannot be read"
    layers = [layer for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    assert len(layers) >= 2, f"{len(layers)} layers"
    classed = labelled = timed = features = 0
    for layer in layers:
        assert layer.isValid(), f"{layer.name()}: not valid"
        features += layer.featureCount()
        renderer = layer.renderer()
        if renderer.type() == "RuleRenderer":
            rules = renderer.rootRule().children()
            assert all(rule.label() and (rule.filterExpression() or rule.isElse()) for rule in rules), f"{layer.name()}: a rule without a name"
            classed += len(rules) >= 2
        if layer.labelsEnabled():
            field = layer.labeling().settings().fieldName
            assert field, f"{layer.name()}: a label without a field"
            labelled += 1
        if layer.temporalProperties().isActive():
            timed += 1
    assert classed and labelled and timed, f"classed {classed}, labelled {labelled}, with time {timed}"
    span = project.timeSettings().temporalRange()
    first, last = span.begin().date().year(), span.end().date().year()
    assert last - first >= 5, f"the time slider goes from {first} to {last}"

    visible = [node.layer() for node in project.layerTreeRoot().findLayers() if node.isVisible() and node.layer()]
    settings = QgsMapSettings()
    settings.setLayers(visible)
    settings.setOutputSize(QSize(800, 600))
    settings.setDestinationCrs(project.crs())
    settings.setExtent(settings.fullExtent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    colours = {picture.pixel(x, y) for x in range(0, 800, 8) for y in range(0, 600, 8)}
    assert len(colours) >= 4, f"the map shows {len(colours)} colours"
    loose = [path for path in sorted(folder.glob("*.geojson")) if not QgsVectorLayer(str(path), path.stem, "ogr").isValid()]
    assert not loose, f"not readable: {loose}"
    return (
        f"{len(layers)} layers, {features} features, {classed} classed, {labelled} labelled, time {first} to {last}, "
        f"{len(colours)} colours drawn, {len(list(folder.glob('*.geojson')))} GeoJSON files read")


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    status = 0
    try:
        print("ok   QGIS: " + check(pathlib.Path(sys.argv[1]).resolve()))
    except AssertionError as fault:
        print(f"FAIL QGIS: {fault}")
        status = 1
    sys.stdout.flush()
    QgsProject.instance().clear()
    os._exit(status)  # the bindings may crash on the way out
