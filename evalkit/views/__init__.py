"""From values to what people read: tables, charts and sentences. Reads no file and computes no score."""
