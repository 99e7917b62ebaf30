"""The seven books. Each module registers one; a room that later feeds a book adds its part by `registry.feed`."""
