// Servers that mean harm: each answers every packet in one way.

package testbed

import (
	"bytes"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"time"
)

// floods writes a beginning, and then the same again and again for as long as anybody reads.
func floods(begin, again string) http.HandlerFunc {
	piece := bytes.Repeat([]byte(again), 1+64<<10/len(again))
	return func(w http.ResponseWriter, r *http.Request) {
		_, err := io.WriteString(w, begin)
		for err == nil && r.Context().Err() == nil {
			_, err = w.Write(piece)
		}
	}
}

// Hostilities are ways to answer a packet that mean harm, by name.
func Hostilities() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"attributes": floods("<packet><server ", `a="b" `),
		"endless":    floods("<packet><server><get_protos><result><status>", "x"),
		"deep":       floods("<packet><server><get_protos>", "<a>"),
		"compressed": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			floods("", "\x1f\x8b")(w, r)
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://192.0.2.1/", http.StatusTemporaryRedirect)
		},
		"prompt": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Basic realm="Plesk"`)
			w.WriteHeader(http.StatusUnauthorized)
		},
		"mute": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // who has not read the packet does not notice that the connection ends
			<-r.Context().Done()
		},
		"dripping": func(w http.ResponseWriter, r *http.Request) {
			for pace := time.Tick(10 * time.Millisecond); r.Context().Err() == nil; <-pace {
				_, _ = io.WriteString(w, " ")
				w.(http.Flusher).Flush()
			}
		},
	}
}

// InTurn answers each packet in another hostile way.
func InTurn() http.HandlerFunc {
	all := Hostilities()
	names := slices.Sorted(maps.Keys(all))
	var answered atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		n := int(answered.Add(1)) - 1
		all[names[n%len(names)]](w, r)
	}
}

// Enemy starts a server that answers so, until the bed is closed. It takes any credentials.
func (b *Bed) Enemy(answer http.HandlerFunc) Access {
	s := httptest.NewTLSServer(answer)
	b.atEnd(func() error {
		s.CloseClientConnections() // ends what is still being answered
		s.Close()
		return nil
	})
	return Access{
		URL: s.URL, Login: "admin", Password: "Nothing-1-to-hide", CA: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}),
	}
}
