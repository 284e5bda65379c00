-- An instance ends. args.instance
local instancesKey = unpack(KEYS)

redis.call('ZREM', instancesKey, cjson.decode(ARGV[1]).instance)
return 'OK'
