import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Takes the names that only debuggers look for off a library, as {@code strip} does, which not every machine has that builds
 * this: the sections {@code .symtab} and {@code .strtab}, where they are the last but that of the sections' names, as linkers
 * put them. A library of another form is left as it is.
 *
 * <p>Takes the path of a 64-bit little-endian ELF file. Source: the System V ABI, chapters "ELF Header" and "Sections". Runs from
 * its source.
 */
final class Strip {
    private static final int SECTIONS_AT = 0x28;
    private static final int SECTION_SIZE = 64;
    private static final int COUNT_AT = 0x3c;
    private static final int NAMES_AT = 0x3e;
    private static final int TYPE_AT = 4;
    private static final int OFFSET_AT = 24;
    private static final int SIZE_AT = 32;
    private static final int SYMBOLS = 2;
    private static final int STRINGS = 3;

    private Strip() {}

    public static void main(String[] arguments) throws IOException {
        Path library = Path.of(arguments[0]);
        byte[] bytes = Files.readAllBytes(library);
        ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int sections = (int) elf.getLong(SECTIONS_AT);
        int count = elf.getShort(COUNT_AT);
        int symbols = sections + (count - 3) * SECTION_SIZE;
        int names = sections + (count - 1) * SECTION_SIZE;
        if (elf.getInt(0) != 0x464c457f || elf.get(4) != 2 || elf.get(5) != 1 || elf.getShort(NAMES_AT) != count - 1
                || elf.getInt(symbols + TYPE_AT) != SYMBOLS
                || elf.getInt(symbols + SECTION_SIZE + TYPE_AT) != STRINGS) {
            return;
        }
        int end = (int) elf.getLong(symbols + OFFSET_AT);
        int namesFrom = (int) elf.getLong(names + OFFSET_AT);
        int namesSize = (int) elf.getLong(names + SIZE_AT);
        int headers = (end + namesSize + 7) / 8 * 8;
        int kept = (count - 3) * SECTION_SIZE;
        if (end > namesFrom || namesFrom > sections) {
            return;
        }
        byte[] stripped = Arrays.copyOf(bytes, headers + kept + SECTION_SIZE);
        Arrays.fill(stripped, end, stripped.length, (byte) 0);
        System.arraycopy(bytes, namesFrom, stripped, end, namesSize);
        System.arraycopy(bytes, sections, stripped, headers, kept);
        System.arraycopy(bytes, names, stripped, headers + kept, SECTION_SIZE);
        ByteBuffer out = ByteBuffer.wrap(stripped).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(headers + kept + OFFSET_AT, end);
        out.putLong(SECTIONS_AT, headers);
        out.putShort(COUNT_AT, (short) (count - 2));
        out.putShort(NAMES_AT, (short) (count - 3));
        Files.write(library, stripped);
    }
}
