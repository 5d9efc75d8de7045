// What no packet can carry: texts with characters that XML has no way to write.

package engine

import (
	"fmt"
	"reflect"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// unsendable is an *InvalidError about the first field of want that no packet could carry, nil where there is none: it is said before a plan shows it, and
// before anybody approves what could not be written. Of what cannot be read back, secrets among it, nothing is quoted.
func unsendable[W any](want W) (err error) {
	walkFields(reflect.ValueOf(want), "", func(path string, opt fieldOptions, v reflect.Value) {
		check := func(text string) {
			problem := xmlapi.CheckText(text)
			switch {
			case err != nil || problem == nil:
			case opt.writeOnly:
				err = Invalid("spec."+path, "it holds a character that XML cannot carry")
			default:
				err = Invalid("spec."+path, problem.Error())
			}
		}
		if v.Kind() != reflect.Slice {
			eachText(v, check)
			return
		}
		for i := range v.Len() {
			check(fmt.Sprint(v.Index(i).Interface())) // as it prints: its fields are its own
		}
	})
	return err
}
