"""Takes out of a file what exporters note about the machine it was made on."""


def without_machine_details(model):
    """Drops the exporter's notes (source files, stack traces), which name the machine."""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    model.doc_string = model.graph.doc_string = ''
    graph = model.graph
    values = (*graph.input, *graph.output, *graph.value_info)
    for item in (*graph.node, *values, *graph.initializer):
        item.doc_string = ''
        del item.metadata_props[:]
    return model
