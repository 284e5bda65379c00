-- A lease ends after this, in ms, unless it is renewed: its holder may be dead.
local LEASE_MS = 10000

-- The token of a lease's holder; nil: no instance has it.
local function ownerOf(leaseKey)
  local owner = redis.pcall('GET', leaseKey)
  if type(owner) ~= 'string' then return nil end
  -- A lease is never so long: the clock was set back since. Who is alive renews it.
  if redis.call('PTTL', leaseKey) > LEASE_MS then redis.call('PEXPIRE', leaseKey, LEASE_MS) end
  return owner
end

local function setLease(leaseKey, token)
  redis.call('SET', leaseKey, token, 'PX', LEASE_MS)
end

-- The request still runs, although Redis may have lost the lease.
local function renewLease(leaseKey, token)
  local owner = ownerOf(leaseKey)
  if not owner or owner == token then setLease(leaseKey, token) end
end

-- Returns whether it was held by this token.
local function deleteLease(leaseKey, token)
  if ownerOf(leaseKey) ~= token then return false end
  redis.call('DEL', leaseKey)
  return true
end
