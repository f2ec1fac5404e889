/** The `metadata_props` key under which an exported model carries its graph's description. */
export const metadataKey = 'spiq';
