"""Drawing: sizes in millimetres, fonts by script, cached lettering, colours, a pen."""
