// What a name finds.

package catalog_test

import (
	"reflect"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/catalog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

func TestEveryOperationIsFoundByItsName(t *testing.T) {
	for _, o := range catalog.All() {
		found, ok := catalog.Find(o.String())
		if !ok || found.Request != o.Request || found.Result != o.Result {
			t.Errorf("%s: found %+v", o, found)
		}
		call := o.Call(reflect.Zero(o.Request).Interface())
		if call.Operator() != o.Operator || call.Operation() != o.Name || call.Writes() != o.Writes {
			t.Errorf("%s calls %s/%s", o, call.Operator(), call.Operation())
		}
	}
	if o, ok := catalog.Find("customer/copy"); ok {
		t.Errorf("found %+v", o)
	}
}

func TestAnOperationTellsWhatItsDeclarationSays(t *testing.T) {
	add, ok := catalog.Find("customer/add")
	if !ok || !add.Writes || add.Operator != "customer" || add.Name != "add" ||
		add.Request != reflect.TypeFor[customer.AddRequest]() || add.Result != reflect.TypeFor[customer.AddResult]() {
		t.Errorf("found %+v", add)
	}
	if get, ok := catalog.Find("customer/get"); !ok || get.Writes {
		t.Errorf("found %+v", get)
	}
	if run, ok := catalog.Find("business-logic-upgrade"); !ok || run.Name != "" {
		t.Errorf("found %+v", run)
	}
}
