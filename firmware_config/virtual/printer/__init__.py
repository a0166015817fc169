"""A ticket printer made of software: the other end of the wire, written from the printers' published bytes alone.

`machine` is pure (bytes and faults in, events out), `render` draws what came out, `link` puts it on TCP or a
pseudo-terminal, `control` is its front panel over HTTP. Nothing here is shared with the programs that print.
"""
