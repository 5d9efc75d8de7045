// Recording: a line of JSON for each exchange over HTTP.

package plesksim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

// Record is one exchange as the record keeps it, without passwords and keys.
type Record struct {
	Time         time.Time         `json:"time"` // when it began
	Milliseconds float64           `json:"milliseconds"`
	Peer         string            `json:"peer"`
	Login        string            `json:"login,omitempty"` // who was let in
	Headers      map[string]string `json:"headers"`
	Operations   []string          `json:"operations,omitempty"` // of a packet that was understood
	Request      string            `json:"request"`
	Status       int               `json:"status,omitempty"` // HTTP status; absent when the connection was closed without an answer
	Response     string            `json:"response,omitempty"`
}

// recorder appends to a file, which it opens anew for each line, so that the file may be moved away.
type recorder struct {
	mu   sync.Mutex
	file string
}

// openRecorder makes a recorder if there is a file to record to.
func openRecorder(file string) (*recorder, error) {
	if file == "" {
		return nil, nil
	}
	r := &recorder{file: file}
	err := r.append(nil) // tells at once whether it can be written
	return r, err
}

func (r *recorder) append(line []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, err := os.OpenFile(r.file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(line)
	return errors.Join(err, f.Close())
}

// clear forgets what was recorded.
func (r *recorder) clear() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := os.Truncate(r.file, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// record appends an exchange. It is called before the answer goes out, so that whoever has the answer finds the exchange in the record.
func (s *Server) record(x *exchange) {
	request, secrets := redact(x.document, nil)
	secrets[header(x.r, "HTTP_AUTH_PASSWD")], secrets[header(x.r, "KEY")] = true, true
	delete(secrets, "")
	response, _ := redact(x.written, secrets)
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false) // XML stays readable
	err := e.Encode(Record{
		Time: x.began.UTC(), Milliseconds: float64(s.opts.Clock().Sub(x.began).Microseconds()) / 1000, Peer: x.peer, Login: x.login,
		Headers: redactHeaders(x.r.Header), Operations: x.operations, Request: request, Status: x.status, Response: response,
	})
	if err == nil {
		err = s.recorder.append(line.Bytes())
	}
	if err != nil {
		s.report(fmt.Errorf("plesksim: an exchange was not recorded: %w", err))
	}
}

// copyTo writes the last recorded lines (0 is all) among those that have the operation ("" is any).
func (r *recorder) copyTo(w io.Writer, operation string, last int) error {
	f, err := os.Open(r.file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	var kept [][]byte
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if operation != "" && !recordHas(line, operation) {
			continue
		}
		if last == 0 {
			if _, err := w.Write(line); err != nil {
				return err
			}
			continue
		}
		if len(kept) == last {
			kept = kept[1:]
		}
		kept = append(kept, line)
	}
	_, err = w.Write(bytes.Join(kept, nil))
	return err
}

func recordHas(line []byte, operation string) bool {
	var r Record
	return json.Unmarshal(line, &r) == nil && slices.Contains(r.Operations, operation)
}

// names lists the operations of a packet in order.
func (p *packet) names() []string {
	var names []string
	for _, b := range p.blocks {
		for _, st := range b.steps {
			names = append(names, st.name.String())
		}
	}
	return names
}

// writes reports whether an operation of the packet can change something.
func (p *packet) writes() bool {
	return slices.ContainsFunc(p.blocks, func(b block) bool {
		return slices.ContainsFunc(b.steps, func(st step) bool { return st.writes })
	})
}
