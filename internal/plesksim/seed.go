// Seeding: packets in a file that furnish a fresh server, in the protocol's own language.

package plesksim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// seed executes the packets of a file as administrator, until one fails.
func (s *Server) seed(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	packets, err := splitPackets(data)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, p := range packets {
		if err := firstFailure(s.Packet(p.document)); err != nil {
			return fmt.Errorf("%s, packet of line %d: %w", file, p.line, err)
		}
	}
	return nil
}

// seedPacket is a document among others in a file.
type seedPacket struct {
	document []byte
	line     int // on which it begins
}

// splitPackets finds the documents in a file, which holds one or several of them, one after the other.
func splitPackets(data []byte) ([]seedPacket, error) {
	var packets []seedPacket
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		begin := d.InputOffset()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			line, _ := d.InputPos()
			if t.Name.Local != "packet" {
				return nil, fmt.Errorf("line %d: %s is no packet", line, t.Name.Local)
			}
			if err := d.Skip(); err != nil {
				return nil, err
			}
			packets = append(packets, seedPacket{data[begin:d.InputOffset()], line})
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				line, _ := d.InputPos()
				return nil, fmt.Errorf("line %d: text outside of packets", line)
			}
		}
	}
	if len(packets) == 0 {
		return nil, errors.New("no packet in it")
	}
	return packets, nil
}

// answerElement is an element of an answer while it is read, with the texts of its children.
type answerElement struct {
	name  string
	text  strings.Builder
	texts map[string]string
}

// firstFailure finds the first result with an error in an answer. A few operations have no result element, so it is known by its content.
func firstFailure(answer []byte) error {
	d := xml.NewDecoder(bytes.NewReader(answer))
	open := []*answerElement{{texts: map[string]string{}}}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		last := open[len(open)-1]
		switch t := t.(type) {
		case xml.StartElement:
			open = append(open, &answerElement{name: t.Name.Local, texts: map[string]string{}})
		case xml.CharData:
			last.text.Write(t)
		case xml.EndElement:
			if last.texts["status"] == xmlapi.StatusError && last.texts["errcode"] != "" {
				return failedAt(open)
			}
			open = open[:len(open)-1]
			open[len(open)-1].texts[last.name] = last.text.String()
		}
	}
}

// failedAt is the error for the failure in the innermost of the open elements.
func failedAt(open []*answerElement) error {
	result := open[len(open)-1].texts
	var path []string
	for _, e := range open[2:] { // inside the packet
		if e.name != "result" {
			path = append(path, e.name)
		}
	}
	where := strings.Join(path, "/")
	if where == "system" {
		where = "the whole packet"
	}
	if id := result["filter-id"]; id != "" {
		where += " for " + id
	}
	return fmt.Errorf("%s failed with %s: %s", where, result["errcode"], result["errtext"])
}
