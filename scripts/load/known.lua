-- wrk script: asks by GET for what the client says to have already. KNOWN is a path and an entity tag.
local path, tag = os.getenv("KNOWN"):match("^(%S+) (%S+)$")
local headers = { ["If-None-Match"] = tag }

function request()
  return wrk.format("GET", path, headers)
end

function done(summary)
  io.write(string.format("RESULT %.0f\n", summary.requests / (summary.duration / 1e6)))
end
