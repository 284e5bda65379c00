-- Blocks of these kinds are over. The time is kept, so that an instance that still knows of one doesn't set it again.
-- args.kinds, args.ageMs since then
local stateKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/state"

local state = readState(stateKey, args)
local at = state.now - args.ageMs
for _, kind in ipairs(args.kinds) do
  redis.call('HSET', stateKey, 'unblocked:' .. kind, ms(at))
  if state.block and state.block.kind == kind and tonumber(redis.call('HGET', stateKey, 'at') or 0) <= at then
    clearBlock(stateKey)
  end
end
return 'OK'
