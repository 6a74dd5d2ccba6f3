package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
)

// sample is one object in both forms.
type sample struct {
	Kind string `json:"kind"`
	// full: every field has a value. zero: every field is set to its zero, pointers point to zeros.
	Filled   string          `json:"filled"`
	Protobuf []byte          `json:"protobuf"`
	JSON     json.RawMessage `json:"json"`
}

func samplesOf(kind schema.GroupVersionKind) []sample {
	return []sample{sampleOf(kind, "full", &filler{}), sampleOf(kind, "zero", &filler{zeros: true})}
}

func sampleOf(kind schema.GroupVersionKind, filled string, with *filler) sample {
	object, err := scheme.Scheme.New(kind)
	check(err)
	with.fill(reflect.ValueOf(object).Elem(), 0)
	object.GetObjectKind().SetGroupVersionKind(kind)
	binary, err := runtime.Encode(protobuf.NewSerializer(scheme.Scheme, scheme.Scheme), object)
	check(err)
	// What the message says is what JSON is compared with: an empty list, for one, is lost on the way.
	decoded, _, err := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme).Decode(binary, nil, nil)
	check(err)
	text, err := json.Marshal(decoded)
	check(err)
	return sample{kind.GroupVersion().String() + "/" + kind.Kind, filled, binary, text}
}

// deepest is how often a type may hold itself: schemas of CRDs do.
const deepest = 18

// filler sets every field, each to another value, so that one that lands in another's place is seen.
type filler struct {
	zeros  bool
	count  int64
	within []reflect.Type
}

func (f *filler) next() int64 {
	f.count++
	return f.count
}

func (f *filler) fill(value reflect.Value, depth int) {
	if f.special(value) || f.scalar(value) {
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		f.fill(value.Elem(), depth)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		f.fill(value.Index(0), depth+1)
	case reflect.Map:
		f.fillMap(value, depth)
	case reflect.Struct:
		f.fillStruct(value, depth)
	}
}

func (f *filler) fillMap(value reflect.Value, depth int) {
	value.Set(reflect.MakeMap(value.Type()))
	key := reflect.New(value.Type().Key()).Elem()
	key.SetString(fmt.Sprintf("key-%d", f.next()))
	item := reflect.New(value.Type().Elem()).Elem()
	f.fill(item, depth+1)
	value.SetMapIndex(key, item)
}

// fillStruct leaves a type within itself, at its second turn, as it is.
func (f *filler) fillStruct(value reflect.Value, depth int) {
	turns := 0
	for _, one := range f.within {
		if one == value.Type() {
			turns++
		}
	}
	if turns > 1 || depth > deepest {
		return
	}
	f.within = append(f.within, value.Type())
	for index := range value.NumField() {
		if value.Type().Field(index).Tag.Get("protobuf") != "" {
			f.fill(value.Field(index), depth+1)
		}
	}
	f.within = f.within[:len(f.within)-1]
}

func (f *filler) scalar(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.String, reflect.Bool, reflect.Int32, reflect.Int64, reflect.Float64:
	default:
		return false
	}
	if f.zeros {
		return true
	}
	switch value.Kind() {
	case reflect.String:
		value.SetString(fmt.Sprintf("text-%d ü", f.next()))
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int32, reflect.Int64:
		value.SetInt(-f.next())
	case reflect.Float64:
		value.SetFloat(float64(f.next()) + 0.5)
	}
	return true
}

func (f *filler) special(value reflect.Value) bool {
	filled := f.specialValue(value)
	if filled == nil {
		return false
	}
	value.Set(reflect.ValueOf(filled).Elem())
	return true
}

func (f *filler) specialValue(value reflect.Value) any {
	raw := fmt.Appendf(nil, `{"number":%d,"none":null,"list":[]}`, f.count)
	moment := time.Unix(1_700_000_000+f.count, 123_456_000).UTC()
	if f.zeros {
		raw, moment = []byte(`{}`), time.Unix(1_700_000_000, 0).UTC()
	}
	switch value.Interface().(type) {
	case meta.Time:
		return &meta.Time{Time: moment.Truncate(time.Second)}
	case meta.MicroTime:
		return &meta.MicroTime{Time: moment}
	case meta.FieldsV1:
		return &meta.FieldsV1{Raw: raw}
	case runtime.RawExtension:
		return &runtime.RawExtension{Raw: raw}
	case apiextensions.JSON:
		return &apiextensions.JSON{Raw: raw}
	case resource.Quantity:
		return resource.NewQuantity(f.count*1024, resource.BinarySI)
	case intstr.IntOrString:
		return f.intOrString()
	case apiextensions.JSONSchemaPropsOrBool:
		return &apiextensions.JSONSchemaPropsOrBool{Allows: !f.zeros}
	case apiextensions.JSONSchemaPropsOrArray:
		return &apiextensions.JSONSchemaPropsOrArray{Schema: &apiextensions.JSONSchemaProps{Type: "string"}}
	case apiextensions.JSONSchemaPropsOrStringArray:
		return &apiextensions.JSONSchemaPropsOrStringArray{Property: []string{"one", "two"}}
	case []byte:
		return &[]byte{0, 1, 0xfe, 0xff}
	}
	return nil
}

func (f *filler) intOrString() *intstr.IntOrString {
	value := intstr.FromInt32(int32(f.count))
	if !f.zeros && f.next()%2 == 0 {
		value = intstr.FromString(fmt.Sprintf("%d%%", f.count))
	}
	return &value
}
