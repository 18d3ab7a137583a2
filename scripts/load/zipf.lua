-- wrk script: asks for the pages of a file, one a line, chosen by Zipf's law (s = 1): the n-th line is asked 1/n as often as the
-- first. A line is a body to POST, or a path to GET.
local requests, reach = {}, {}
local headers = { ["Content-Type"] = "application/json" }

function init()
  math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 100000)
  local sum = 0
  for line in io.lines(os.getenv("BODIES")) do
    requests[#requests + 1] = line:sub(1, 1) == "/" and wrk.format("GET", line) or wrk.format("POST", "/graphql", headers, line)
    sum = sum + 1 / #requests
    reach[#reach + 1] = sum
  end
end

function request()
  local wanted, low, high = math.random() * reach[#reach], 1, #reach
  while low < high do
    local middle = math.floor((low + high) / 2)
    if reach[middle] < wanted then low = middle + 1 else high = middle end
  end
  return requests[low]
end

function done(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %.0f %.2f %.2f %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors, summary.bytes / summary.requests))
end
