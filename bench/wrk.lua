-- Sends the bodies of a file in turn, from a place in it, under the tokens in turn; ends with one line of JSON.
-- Arguments: file of bodies, one a line; place of the first; tokens.

local requests, turn = {}, 0

function init(arguments)
  local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/json" }
  local token, first = 0, tonumber(arguments[2])
  for body in io.lines(arguments[1]) do
    if #arguments > 2 then
      headers["Authorization"] = "Bearer " .. arguments[3 + token % (#arguments - 2)]
      token = token + 1
    end
    requests[#requests + 1] = wrk.format("POST", wrk.path, headers, body)
  end
  turn = first
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
