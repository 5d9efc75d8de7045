package businesslogicupgrade_test

import (
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/businesslogicupgrade"
)

// The operator's element is the whole request, and any answer in it is read; what follows keeps its place.
func TestRun(t *testing.T) {
	for _, test := range []struct {
		answer string
		class  xmlapi.Class
	}{
		{`<business-logic-upgrade/>`, ""},
		{`<business-logic-upgrade><result><status>ok</status></result></business-logic-upgrade>`, ""},
		{`<business-logic-upgrade><result><status>error</status><errcode>1017</errcode></result></business-logic-upgrade>`, xmlapi.Invalid},
	} {
		first, second := businesslogicupgrade.Run.Call(xmlapi.EmptyRequest{}), businesslogicupgrade.Run.Call(xmlapi.EmptyRequest{})
		const good = `<business-logic-upgrade><result><status>ok</status></result></business-logic-upgrade>`
		if err := xmlapi.Decode(strings.NewReader(`<packet>`+test.answer+good+`</packet>`), first, second); err != nil {
			t.Fatal(err)
		}
		if have := xmlapi.ClassOf(first.Err()); have != test.class || second.Err() != nil || len(second.Results) != 1 {
			t.Errorf("%s: class %q, then %v", test.answer, have, second.Err())
		}
	}
	doc, err := xmlapi.Encode("", businesslogicupgrade.Run.Call(xmlapi.EmptyRequest{}))
	if err != nil || !strings.HasSuffix(string(doc), "<packet><business-logic-upgrade></business-logic-upgrade></packet>") {
		t.Errorf("%s, %v", doc, err)
	}
}
