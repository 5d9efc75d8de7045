// The state as JSON, written row by row, quickly: operations wait until it is done.

package plesksim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// encodeState writes the state as the file holds it, each row on a line of its own. The caller has locked the state.
//
// json.Marshal would be slower: it parses again whatever a table's MarshalJSON returns.
func (s *Server) encodeState() ([]byte, error) {
	out := bytes.NewBuffer(make([]byte, 0, s.keeper.size+s.keeper.size/8))
	fmt.Fprintf(out, `{"product":%q,"version":%q,"state":`, stateProduct, stateVersion())
	w := fieldWriter{out: out, rows: json.NewEncoder(out), separator: '{'}
	if err := w.fields(reflect.ValueOf(s.state).Elem()); err != nil {
		return nil, err
	}
	out.WriteString("}}\n")
	s.keeper.size = out.Len()
	return out.Bytes(), nil
}

// fieldWriter writes the fields of a struct as encoding/json does, those of embedded structs among them.
type fieldWriter struct {
	out       *bytes.Buffer
	rows      *json.Encoder // onto out; ends what it writes with a line feed
	separator byte          // before the next field
}

func (w *fieldWriter) fields(v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			if err := w.fields(v.Field(i)); err != nil {
				return err
			}
			continue
		}
		if !f.IsExported() {
			continue
		}
		w.out.WriteByte(w.separator)
		w.separator = ','
		fmt.Fprintf(w.out, "%q:", f.Name)
		value := v.Field(i).Interface()
		var err error
		if t, ok := value.(interface {
			EncodeRows(*bytes.Buffer, *json.Encoder) error
		}); ok {
			err = t.EncodeRows(w.out, w.rows)
		} else {
			err = w.rows.Encode(value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
