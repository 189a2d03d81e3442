package io.rezpkgcached.resolve.server;

import net.spy.memcached.CachedData;
import net.spy.memcached.transcoders.Transcoder;

/** Leaves values as they are: spymemcached would make Java objects of them. */
final class Raw implements Transcoder<CachedData> {
    @Override
    public boolean asyncDecode(CachedData data) {
        return false;
    }

    @Override
    public CachedData encode(CachedData data) {
        return data;
    }

    @Override
    public CachedData decode(CachedData data) {
        return data;
    }

    @Override
    public int getMaxSize() {
        return CachedData.MAX_SIZE;
    }
}
