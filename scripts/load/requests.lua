-- wrk script: asks for the pages of a file, one a line, in turn from a random start. A line is a body to POST, or a path to GET. Requests are written before the run: the
-- generator is on the same machine, and what it spends, the server lacks.
local requests, at = {}, 0
local headers = { ["Content-Type"] = "application/json" }
if os.getenv("TOKEN") then headers["Authorization"] = "Bearer " .. os.getenv("TOKEN") end

function init()
  math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 100000)
  for line in io.lines(os.getenv("BODIES")) do
    requests[#requests + 1] = line:sub(1, 1) == "/" and wrk.format("GET", line) or wrk.format("POST", "/graphql", headers, line)
  end
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.2f %.2f %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors, summary.bytes / summary.requests))
end
