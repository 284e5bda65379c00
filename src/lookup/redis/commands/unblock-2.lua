-- Blocks of these kinds are over. The time is kept, so that an instance that still knows of one can tell that from a Redis that has
-- lost it.
-- args.kinds, args.ageMs since then
local clockKey, blockKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/block"

local clock = readClock(clockKey, args)
local known = readBlock(blockKey, clock)
local at = clock.now - args.ageMs
for _, kind in ipairs(args.kinds) do
  redis.call('HSET', clockKey, 'unblocked:' .. kind, ms(at))
  if known and known.kind == kind and (tonumber(known.at) or 0) <= at then redis.call('DEL', blockKey) end
end
return 'OK'
