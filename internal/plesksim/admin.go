// The admin endpoint: plain HTTP and JSON, for the tests that drive the server from outside. Plesk has no such thing.

package plesksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// maxAdminBytes is what a request may hold. Faults may have long texts.
const maxAdminBytes = 16 << 20

// StartAdmin serves the admin endpoint on a loopback address until Close, and returns its URL. It has no authentication, so other
// addresses are refused.
func (s *Server) StartAdmin(address string) (string, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("plesksim: admin endpoint: %w", err)
	}
	if !isLoopback(host) {
		return "", fmt.Errorf("plesksim: the admin endpoint must be on a loopback address such as 127.0.0.1, not on %q", host)
	}
	s.life.Lock()
	defer s.life.Unlock()
	if s.admin != nil {
		return "", errors.New("plesksim: the admin endpoint is served already")
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	s.admin = serve(l, &http.Server{Handler: s.AdminHandler()})
	return "http://" + l.Addr().String(), nil
}

// closeAdmin ends the admin endpoint.
func (s *Server) closeAdmin() {
	s.life.Lock()
	admin := s.admin
	s.admin = nil
	s.life.Unlock()
	if admin != nil {
		admin.close()
	}
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// AdminHandler is what StartAdmin serves.
func (s *Server) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, s.Faults()) })
	mux.HandleFunc("POST /faults", s.adminInject)
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) { s.ClearFaults(); w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("DELETE /faults/{id}", s.adminRemoveFault)
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, s.Stats()) })
	mux.HandleFunc("POST /stats/reset", func(w http.ResponseWriter, _ *http.Request) { s.ResetStats(); w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /restart", s.adminRestart)
	mux.HandleFunc("POST /renumber", s.adminRenumber)
	mux.HandleFunc("POST /guid", s.adminSetGUID)
	mux.HandleFunc("POST /fixed", s.adminFix)
	mux.HandleFunc("GET /packets", s.adminPackets)
	mux.HandleFunc("DELETE /packets", s.adminClearPackets)
	mux.HandleFunc("GET /state", s.adminState)
	return localOnly(mux)
}

// localOnly refuses requests for other hosts, so that web pages cannot reach the endpoint through a name that they make resolve to this machine.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = strings.Trim(r.Host, "[]")
		}
		if !isLoopback(host) || r.Header.Get("Origin") != "" {
			writeFailure(w, http.StatusForbidden, errors.New("only for programs on this machine"))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxAdminBytes)
		next.ServeHTTP(w, r)
	})
}

func (s *Server) adminInject(w http.ResponseWriter, r *http.Request) {
	document, err := io.ReadAll(r.Body)
	if err != nil {
		writeFailure(w, http.StatusBadRequest, err)
		return
	}
	injected, err := s.InjectJSON(document)
	if err != nil {
		writeFailure(w, http.StatusBadRequest, err)
		return
	}
	writeJSON(w, http.StatusCreated, injected)
}

func (s *Server) adminRemoveFault(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || !s.RemoveFault(id) {
		writeFailure(w, http.StatusNotFound, fmt.Errorf("there is no fault %s", r.PathValue("id")))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) adminRestart(w http.ResponseWriter, r *http.Request) {
	var away time.Duration
	if text := r.URL.Query().Get("away"); text != "" {
		var err error
		if away, err = time.ParseDuration(text); err != nil || away < 0 {
			writeFailure(w, http.StatusBadRequest, fmt.Errorf("away: %q is no duration", text))
			return
		}
	}
	if err := s.Restart(away); err != nil {
		writeFailure(w, http.StatusConflict, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// adminRenumber reads {"kind": "customer", "ids": {"2": 3, "3": 2}}.
func (s *Server) adminRenumber(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Kind string          `json:"kind"`
		IDs  map[int64]int64 `json:"ids"`
	}
	s.adminChange(w, r, &asked, func() error { return s.Renumber(asked.Kind, asked.IDs) })
}

// adminSetGUID reads {"kind": "customer", "id": 2, "guid": "…"}; without a GUID it is a random one.
func (s *Server) adminSetGUID(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Kind string `json:"kind"`
		ID   int64  `json:"id"`
		GUID string `json:"guid"`
	}
	s.adminChange(w, r, &asked, func() error { return s.SetGUID(asked.Kind, asked.ID, asked.GUID) })
}

// adminFix reads {"names": ["max_db", "manage_dns"]}.
func (s *Server) adminFix(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Names []string `json:"names"`
	}
	s.adminChange(w, r, &asked, func() error { s.Fix(asked.Names...); return nil })
}

// adminChange reads a document and does what it asks for.
func (s *Server) adminChange(w http.ResponseWriter, r *http.Request, asked any, change func() error) {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(asked)
	if err == nil {
		err = change()
	}
	if err != nil {
		writeFailure(w, http.StatusBadRequest, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) adminPackets(w http.ResponseWriter, r *http.Request) {
	last := 0
	if text := r.URL.Query().Get("last"); text != "" {
		var err error
		if last, err = strconv.Atoi(text); err != nil || last < 1 {
			writeFailure(w, http.StatusBadRequest, fmt.Errorf("last: %q is no count", text))
			return
		}
	}
	if s.recorder == nil {
		writeFailure(w, http.StatusNotFound, errNotRecorded)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	if err := s.recorder.copyTo(w, r.URL.Query().Get("operation"), last); err != nil {
		s.report(err)
		abort()
	}
}

var errNotRecorded = errors.New("nothing is recorded: the server was started without a file for it")

func (s *Server) adminClearPackets(w http.ResponseWriter, _ *http.Request) {
	if s.recorder == nil {
		writeFailure(w, http.StatusNotFound, errNotRecorded)
		return
	}
	if err := s.recorder.clear(); err != nil {
		writeFailure(w, http.StatusInternalServerError, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) adminState(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	data, err := s.encodeState()
	s.mu.Unlock()
	if err != nil {
		writeFailure(w, http.StatusInternalServerError, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // a client that left does not want to know
}

func writeFailure(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, map[string]string{"error": err.Error()})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // a client that left does not want to know
}
