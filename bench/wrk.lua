-- Sends the bodies of a file in turn, under the tokens in turn; ends with one line of JSON.
-- Arguments: file of bodies, one a line, each with a proof of its own (DPoP) after a tab, or none; tokens.

local requests, turn = {}, 0

function init(arguments)
  local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/json" }
  local token = 0
  for line in io.lines(arguments[1]) do
    local body, proof = line:match("^([^\t]*)\t(.*)$")
    body, headers["DPoP"] = body or line, proof
    if #arguments > 1 then
      local scheme = proof and "DPoP " or "Bearer "
      headers["Authorization"] = scheme .. arguments[2 + token % (#arguments - 1)]
      token = token + 1
    end
    requests[#requests + 1] = wrk.format("POST", wrk.path, headers, body)
  end
end

function request()
  turn = turn + 1
  return requests[(turn - 1) % #requests + 1]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "failed": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
