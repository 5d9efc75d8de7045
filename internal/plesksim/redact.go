// Redaction: what must not stand in a record is taken out of documents and headers.

package plesksim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

const redacted = "[redacted]"

// isSecret tells whether the element at the end of a path holds a secret: a password, a private key, a key or session that lets in.
func isSecret(path []string) bool {
	name := strings.ToLower(path[len(path)-1])
	switch {
	case name == "password-type", name == "password_type", name == "passwd_type":
		return false
	case strings.Contains(name, "passw"), strings.Contains(name, "pwd"), name == "ftp_pass", name == "pvt":
		return true
	}
	within := func(operators ...string) bool { return len(path) > 1 && slices.Contains(operators, path[1]) }
	switch name {
	case "key":
		return within("secret_key")
	case "id":
		return len(path) > 2 && (path[2] == "create_session" || within("session"))
	case "session-id":
		return within("session")
	case "content":
		return slices.Contains(path, "key") || slices.Contains(path, "additional-key")
	}
	return false
}

// isSecretProperty tells whether a property of this name has a secret value: ftp_password, and what modules call theirs.
func isSecretProperty(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "passw") || strings.Contains(name, "pwd") || strings.Contains(name, "secret")
}

// redaction takes secrets out of a document while it is copied.
type redaction struct {
	in       []byte
	out      bytes.Buffer
	path     []string
	property string          // text of the last name element beside the current one
	hiding   int             // depth of the secret element that is being left out, 0 outside of one
	hidden   bytes.Buffer    // text of it
	secrets  map[string]bool // what was hidden
}

// redact returns a document without its secrets, and the secrets. From the first fault in the XML on, the rest
// is left out: what it holds cannot be known. Error texts may quote what was sent, so known secrets are taken out of them.
func redact(document []byte, known map[string]bool) (string, map[string]bool) {
	r := &redaction{in: document, secrets: map[string]bool{}}
	d := xml.NewDecoder(bytes.NewReader(document))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("another encoding") }
	copied := int64(0)
	for {
		t, err := d.RawToken()
		if err != nil {
			break
		}
		end := d.InputOffset()
		r.token(t, document[copied:end], known)
		copied = end
	}
	if rest := int64(len(document)) - copied; rest > 0 {
		fmt.Fprintf(&r.out, "[%d bytes that are not well-formed]", rest)
	}
	return r.out.String(), r.secrets
}

func (r *redaction) token(t xml.Token, raw []byte, known map[string]bool) {
	switch t := t.(type) {
	case xml.StartElement:
		r.path = append(r.path, t.Name.Local)
		if r.hiding > 0 {
			return
		}
		if isSecret(r.path) || t.Name.Local == "value" && isSecretProperty(r.property) {
			r.hiding = len(r.path)
			r.hidden.Reset()
			if !bytes.HasSuffix(raw, []byte("/>")) {
				raw = []byte("<" + t.Name.Local + ">")
			}
		}
		if t.Name.Local == "name" || t.Name.Local == "property" {
			r.property = ""
		}
		r.out.Write(raw)
	case xml.EndElement:
		if len(r.path) == 0 {
			return // one too many
		}
		if r.hiding == len(r.path) {
			r.conceal()
		}
		r.path = r.path[:len(r.path)-1]
		if r.hiding == 0 {
			r.out.Write(raw)
		}
	case xml.CharData:
		r.text(t, raw, known)
	case xml.Comment:
		r.out.WriteString("<!--" + redacted + "-->")
	default:
		r.out.Write(raw)
	}
}

// text copies text, or keeps it back.
func (r *redaction) text(t xml.CharData, raw []byte, known map[string]bool) {
	if r.hiding > 0 {
		r.hidden.Write(t)
		return
	}
	if len(r.path) == 0 {
		r.out.Write(raw)
		return
	}
	switch r.path[len(r.path)-1] {
	case "name":
		r.property += string(t)
	case "errtext":
		text := string(t)
		for secret := range known {
			text = strings.ReplaceAll(text, secret, redacted)
		}
		_ = xml.EscapeText(&r.out, []byte(text)) // a buffer takes everything
		return
	}
	r.out.Write(raw)
}

// conceal ends a secret element.
func (r *redaction) conceal() {
	r.hiding = 0
	if secret := r.hidden.String(); strings.TrimSpace(secret) != "" {
		r.secrets[strings.TrimSpace(secret)] = true
		r.out.WriteString(redacted)
	}
}

// redactHeaders returns headers without those that let the client in.
func redactHeaders(h http.Header) map[string]string {
	safe := map[string]string{}
	for name, values := range h {
		safe[name] = strings.Join(values, ", ")
		switch strings.ToUpper(strings.ReplaceAll(name, "-", "_")) {
		case "HTTP_AUTH_PASSWD", "KEY", "AUTHORIZATION", "PROXY_AUTHORIZATION", "COOKIE", "X_API_KEY", "HTTP_AUTH_KEY":
			safe[name] = redacted
		}
	}
	return safe
}
