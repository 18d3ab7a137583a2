-- wrk script: POSTs the bodies of a file, one a line, in turn from a random start.
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local headers = { ["Content-Type"] = "application/json" }
if os.getenv("TOKEN") then headers["Authorization"] = "Bearer " .. os.getenv("TOKEN") end
local at = 0

function init()
  math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 100000)
  at = math.random(#bodies)
end

function request()
  at = at % #bodies + 1
  return wrk.format("POST", "/graphql", headers, bodies[at])
end

function done(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.2f %.2f %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors, summary.bytes / summary.requests))
end
