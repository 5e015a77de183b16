from lit_plugins.runtime.bounded_cache import BoundedCache


def test_a_value_is_found_until_newer_ones_need_the_room():
    cache = BoundedCache(3 * 1512)
    for key in "abc":
        cache.put(key, key.upper(), 1000)
    assert cache.get("a") == "A"  # used last now, so that b is the oldest
    cache.put("d", "D", 1000)
    assert [cache.get(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert len(cache) == 3


def test_bytes_never_pass_the_bound():
    cache = BoundedCache(10_000)
    for number in range(500):
        cache.put(number, number, number * 7 % 3000)
        assert cache.bytes <= 10_000


def test_a_value_larger_than_the_cache_is_not_kept_and_drops_nothing_else():
    cache = BoundedCache(5000)
    cache.put("small", 1, 100)
    cache.put("large", 2, 5000)
    assert cache.get("large") is None
    assert cache.get("small") == 1


def test_putting_a_key_again_replaces_its_value_and_size():
    cache = BoundedCache(5000)
    cache.put("key", 1, 4000)
    cache.put("key", 2, 100)
    assert cache.get("key") == 2
    assert cache.bytes == 612
