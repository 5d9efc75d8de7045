// How an answer looks on the wire: one line, or indented when HTTP_PRETTY_PRINT asks for it; empty elements as <x/>.

package document

import "bytes"

const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// Render turns a compact document of encoding/xml, whose elements hold either elements or text, into the server's form.
func Render(compact []byte, pretty bool) []byte {
	out := make([]byte, 0, len(compact)+len(declaration)+1)
	out = append(out, declaration...)
	depth, holdsElements := 0, false
	for at := 0; at < len(compact); {
		if compact[at] != '<' {
			end := at + bytes.IndexByte(compact[at:], '<')
			out = appendText(out, compact[at:end])
			at, holdsElements = end, false
			continue
		}
		end := at + bytes.IndexByte(compact[at:], '>') + 1
		tag := compact[at:end]
		at = end
		if tag[1] == '/' {
			depth--
			if pretty && holdsElements {
				out = appendLine(out, depth)
			}
			out, holdsElements = append(out, tag...), true
			continue
		}
		if pretty && depth > 0 {
			out = appendLine(out, depth)
		}
		name := tag[1 : len(tag)-1]
		if blank := bytes.IndexByte(name, ' '); blank >= 0 {
			name = name[:blank]
		}
		if closing := len(name) + 3; len(compact) >= at+closing && compact[at] == '<' && compact[at+1] == '/' &&
			bytes.Equal(compact[at+2:at+2+len(name)], name) && compact[at+2+len(name)] == '>' {
			out = append(append(out, tag[:len(tag)-1]...), '/', '>')
			at, holdsElements = at+closing, true
			continue
		}
		out, holdsElements = append(out, tag...), false
		depth++
	}
	return append(out, '\n')
}

func appendLine(out []byte, depth int) []byte {
	out = append(out, '\n')
	for range depth {
		out = append(out, ' ', ' ')
	}
	return out
}

// appendText writes text as libxml2 does: quotes, tabs and line ends stand for themselves in it.
func appendText(out, text []byte) []byte {
	for {
		at := bytes.Index(text, []byte("&#"))
		if at < 0 {
			return append(out, text...)
		}
		out = append(out, text[:at]...)
		end := at + bytes.IndexByte(text[at:], ';') + 1
		switch reference := string(text[at:end]); reference {
		case "&#34;":
			out = append(out, '"')
		case "&#39;":
			out = append(out, '\'')
		case "&#x9;":
			out = append(out, '\t')
		case "&#xA;":
			out = append(out, '\n')
		case "&#xD;":
			out = append(out, "&#13;"...)
		default:
			out = append(out, reference...)
		}
		text = text[end:]
	}
}
