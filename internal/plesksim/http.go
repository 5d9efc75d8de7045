// The HTTP side: one POST per packet. Any other request gets what a panel's web server would answer.

package plesksim

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/document"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

const maxRequestBytes = 64 << 20

var slashes = regexp.MustCompile(`//+`)

// exchange is one request over HTTP while it is being answered.
type exchange struct {
	w        http.ResponseWriter
	r        *http.Request
	peer     string
	document []byte
	pretty   bool
	locale   Locale
	newest   string // protocol of the server

	login   string // who was let in
	status  int    // what was written
	written []byte

	began      time.Time
	operations []string // that were understood
	writes     bool     // one of them can change something
	rewritten  bool     // a fault changed results, which need not follow the grammar then
	record     func()   // called once, before the answer goes out
	restart    func(away time.Duration)
}

func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	switch slashes.ReplaceAllLiteralString(r.URL.Path, "/") { // as the panel's web server merges them
	case xmlapi.AgentPath:
	case "/":
		http.Redirect(w, r, "/login_up.php", http.StatusSeeOther)
		return
	default:
		(&exchange{w: w, r: r, record: func() {}}).write(http.StatusNotFound, "text/html", page("404 Not Found"))
		return
	}
	s.stats.packet()
	x := &exchange{
		w: w, r: r, peer: peerOf(r), pretty: strings.EqualFold(header(r, "HTTP_PRETTY_PRINT"), "TRUE"), locale: s.opts.Locale, newest: s.opts.Protocol,
		began: s.opts.Clock(), record: func() {}, restart: s.restartBehind,
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	if err != nil {
		x.write(http.StatusRequestEntityTooLarge, "text/html", page("413 Request Entity Too Large"))
		return
	}
	x.document = document.UTF8(body)
	if s.recorder != nil {
		x.record = sync.OnceFunc(func() { s.record(x) })
		defer func() { x.record() }() // when there was no answer
	}
	if s.opts.OnPacket != nil {
		defer func() {
			s.opts.OnPacket(Packet{
				Peer: x.peer, Login: x.login, Agent: r.UserAgent(), Began: x.began, Request: x.document, Operations: x.operations, Writes: x.writes,
				Status: x.status, Response: x.written,
			})
		}()
	}
	s.serveExchange(x)
}

// serveExchange authenticates the caller, parses the packet and executes it, in the documented order of checks (protocol-core §2.3). The first
// step that refuses decides the answer. Injected faults strike before the execution or after it.
func (s *Server) serveExchange(x *exchange) {
	x.pass(s.opts.PacketLatency)
	hits := s.faults.onPacket()
	if x.strikeAll(hits, nil) {
		return
	}
	version, refused := s.opts.versionOf(x.document)
	var who caller
	if refused == nil {
		who, refused = s.authenticate(x)
	}
	var p *packet
	if refused == nil {
		p, refused = s.parse(x, who, version)
	}
	if refused != nil {
		s.conclude(x, refusedAnswer(version, refused, s.opts.Locale, x.document, x.pretty), hits)
		return
	}
	more, struck := s.faults.onOperations(p)
	if x.strikeAll(more, nil) {
		return
	}
	for _, hit := range struck {
		x.rewritten = x.rewritten || hit.rewrites()
	}
	s.conclude(x, s.execute(who, p, struck, x.pretty), append(hits, more...))
}

// authenticate finds out who sent an exchange, and notes their login.
func (s *Server) authenticate(x *exchange) (caller, *refusal) {
	who, refused := s.callerOf(x)
	x.login = who.login
	return who, refused
}

// parse reads the packet of a caller who was let in, counts its operations and notes them. Nothing is executed.
func (s *Server) parse(x *exchange, who caller, version string) (*packet, *refusal) {
	if x.r.Method != http.MethodPost {
		return nil, refuse(xmlapi.CodeParse, "Parser error: Cannot parse the XML from the source specified")
	}
	p, refused := s.understand(who, version, x.document)
	if refused != nil {
		return nil, refused
	}
	s.stats.operations(p)
	x.operations, x.writes = p.names(), p.writes()
	s.slow(x, p)
	return p, nil
}

// conclude sends the answer, unless a fault strikes first.
func (s *Server) conclude(x *exchange, answer []byte, hits []Fault) {
	if !x.rewritten {
		answer = s.checked(x.document, answer)
	}
	if !x.strikeAll(hits, answer) {
		x.write(http.StatusOK, "text/xml;charset=UTF-8", answer)
	}
}

// stopped is closed when the server stops.
func (x *exchange) stopped() <-chan struct{} {
	return x.r.Context().Value(serving{}).(context.Context).Done()
}

// serving is the key under which requests carry the context that ends with the server.
type serving struct{}

// write sends a whole answer.
func (x *exchange) write(status int, contentType string, body []byte) {
	x.written = body
	x.head(status, contentType, len(body))
	_, _ = x.w.Write(body) // a client that left does not want to know
}

func (x *exchange) head(status int, contentType string, length int) {
	x.status = status
	x.record()
	x.w.Header().Set("Content-Type", contentType)
	x.w.Header().Set("Content-Length", strconv.Itoa(length))
	x.w.WriteHeader(status)
}

// page is an HTML page such as web servers and gateways make.
func page(title string) []byte {
	return []byte("<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>sw-cp-server</center>\r\n</body>\r\n</html>\r\n")
}

// header returns a header whose name is written with underscores, whatever its case. The panel's gateway makes underscores
// of hyphens, so these do as well.
func header(r *http.Request, name string) string {
	if v := r.Header.Get(name); v != "" {
		return v
	}
	return r.Header.Get(strings.ReplaceAll(name, "_", "-"))
}

// peerOf is the client's address.
func peerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().String()
	}
	return host
}
