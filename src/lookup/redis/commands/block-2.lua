-- VirusTotal blocks the key. Requests that were under way together are one refusal. A block may be set again when Redis has lost it:
-- the longer one stands, unless it was cleared since.
-- args.kind, status (nil: none), text, remainingMs, pauses, ageMs since VirusTotal answered so
local clockKey, blockKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/block"

local clock = readClock(clockKey, args)
local known = readBlock(blockKey, clock)
local at = clock.now - args.ageMs
local isLonger = not known or args.remainingMs > known.remaining
local isOld = args.ageMs > 1000
if known and known.remaining > 0 and args.kind == 'rate-limited' and not (isOld and isLonger) then return 'OK' end
if isOld and not isLonger then return 'OK' end
if at <= tonumber(clock.unblockedAt[args.kind]) then return 'OK' end
redis.call('HDEL', blockKey, 'trier', 'tried')
redis.call('HSET', blockKey, 'until', ms(clock.now + args.remainingMs), 'ms', args.remainingMs, 'kind', args.kind,
  'status', args.status or '', 'text', args.text, 'pauses', args.pauses, 'at', ms(at))
redis.call('PEXPIRE', blockKey, KEEP_MS)
return 'OK'
