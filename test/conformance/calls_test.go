// Calls to the API server: each is counted and can be made to fail, to lose its answer, or to be the last one of a life.

package conformance

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// mode is what happens at a call.
type mode string

const (
	refused mode = "fails"               // it reaches nobody
	unheard mode = "loses its answer"    // it is done, and the caller does not learn of it
	killed  mode = "is the last of life" // it is done, and the caller is dead
)

var modes = []mode{refused, unheard, killed}

// strike makes one call of a world go wrong: the nth of a name.
type strike struct {
	name string
	nth  int
	mode mode
}

// errLost is what a caller sees of a call whose answer is lost.
var errLost = errors.New("the connection was lost")

// counter counts the calls of a world by name, over its lives, while it is switched on.
type counter struct {
	mu     sync.Mutex
	on     bool
	counts map[string]int
	order  []string // names in the order of their calls
	strike strike
	struck bool
}

// count notes a call and tells what is to happen at it, "" for nothing.
func (c *counter) count(name string) mode {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.on {
		return ""
	}
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[name]++
	c.order = append(c.order, name)
	if !c.struck && c.strike.name == name && c.strike.nth == c.counts[name] {
		c.struck = true
		return c.strike.mode
	}
	return ""
}

// begin starts to count, with a strike to come; the zero strike never comes.
func (c *counter) begin(s strike) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on, c.strike, c.struck, c.counts, c.order = true, s, false, nil, nil
}

// calls returns the names of all calls so far.
func (c *counter) calls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.order)
}

// hasStruck reports whether the strike has come.
func (c *counter) hasStruck() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.struck
}

// apiCalls is the way of one life to the API server.
type apiCalls struct {
	life *life
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (a *apiCalls) RoundTrip(req *http.Request) (*http.Response, error) {
	if a.life.dead.Load() {
		return nil, lost(req)
	}
	name := callName(req)
	if name == "" {
		return a.send(req)
	}
	body := peek(req)
	what := a.life.world.api.count(name)
	if what == refused {
		a.life.world.journal.api(name, body, what)
		_ = lost(req)
		return unavailable(req), nil
	}
	resp, err := a.send(req)
	a.life.world.journal.api(name, body, what)
	if what == "" || err != nil {
		return resp, err
	}
	_, _ = io.Copy(io.Discard, resp.Body) // it is over for the server, too
	_ = resp.Body.Close()
	if what == killed {
		a.life.kill()
	}
	return nil, errLost
}

// send passes a call on. None goes beyond the operator's rights.
func (a *apiCalls) send(req *http.Request) (*http.Response, error) {
	resp, err := a.next.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusForbidden {
		a.life.world.complain("config/rbac does not let the operator %s %s", req.Method, req.URL.Path)
	}
	return resp, err
}

// lost closes the body of a request that is not sent.
func lost(req *http.Request) error {
	if req.Body != nil {
		_ = req.Body.Close() // a transport has to
	}
	return errLost
}

// unavailable is what a load balancer answers when nobody is there.
func unavailable(req *http.Request) *http.Response {
	const text = "the API server is not available"
	return &http.Response{
		Status: "503 Service Unavailable", StatusCode: http.StatusServiceUnavailable, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)), Request: req,
	}
}

// peek reads a request's body and puts it back.
func peek(req *http.Request) []byte {
	if req.Body == nil || req.GetBody == nil {
		return nil
	}
	again, err := req.GetBody()
	if err != nil {
		return nil
	}
	defer func() { _ = again.Close() }() // it is memory
	var b bytes.Buffer
	if _, err := b.ReadFrom(again); err != nil {
		return nil
	}
	return b.Bytes()
}

// callName names a call that counts, e.g. "PUT pleskcustomers/status": writes, and reads of one object past the cache. Lists and
// watches are the cache's; events and leases do not count.
func callName(req *http.Request) string {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	switch {
	case len(parts) > 2 && parts[0] == "api":
		parts = parts[2:]
	case len(parts) > 3 && parts[0] == "apis":
		parts = parts[3:]
	default:
		return ""
	}
	if len(parts) > 2 && parts[0] == "namespaces" {
		parts = parts[2:]
	}
	resource := parts[0]
	if resource == "events" || resource == "leases" || req.Method == http.MethodGet && len(parts) < 2 {
		return ""
	}
	if len(parts) > 2 {
		resource += "/" + parts[2]
	}
	return req.Method + " " + resource
}
