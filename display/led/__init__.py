"""LED number displays over the counters: Modbus RTU in two register maps, and an ASCII line."""
