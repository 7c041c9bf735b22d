"""The generated families of reasoning-gym by name, known without importing it."""

from difflib import get_close_matches

from domain.errors import invalid

PACKAGE_VERSION = "0.1.25"

NAMES = """
    ab acre advanced_geometry aiw arc_1d arc_agi base_conversion basic_arithmetic bf
    binary_alternation binary_matrix bitwise_arithmetic boxnet caesar_cipher calendar_arithmetic
    chain_sum circuit_logic codeio coin_flip color_cube_rotation complex_arithmetic count_bits
    count_primes countdown course_schedule cryptarithm decimal_arithmetic decimal_chain_sum dice
    emoji_mystery family_relationships figlet_font fraction_simplification futoshiki game_of_life
    game_of_life_halting gcd graph_color group_anagrams gsm_symbolic intermediate_integration
    isomorphic_strings jugs kakurasu knight_swap knights_knaves largest_island lcm leg_counting
    letter_counting letter_jumble list_functions mahjong_puzzle manipulate_matrix maze mini_sudoku
    modulo_grid n_queens needle_haystack number_filtering number_format number_sequence
    number_sorting palindrome_generation palindrome_partitioning path_star polynomial_equations
    polynomial_multiplication pool_matrix power_function prime_factorization products
    propositional_logic quantum_lock ransom_note rearc rectangle_count rotate_matrix
    rotten_oranges rubiks_cube rush_hour self_reference sentence_reordering shortest_path
    simple_equations simple_geometry simple_integration sokoban spell_backward spiral_matrix
    string_insertion string_manipulation string_splitting string_synthesis sudoku survo syllogism
    time_intervals tower_of_hanoi tsumego word_ladder word_sequence_reversal word_sorting
    zebra_puzzles
"""
FAMILIES = tuple(NAMES.split())
"""All but two: `composite` is made of others and needs more than plain parameters, and the scorer
of `puzzle24` takes any four numbers that make 24 for those of the puzzle."""

DRAWN = 5120
SLOW = """
    advanced_geometry countdown game_of_life game_of_life_halting jugs polynomial_equations
    polynomial_multiplication quantum_lock rearc rubiks_cube simple_integration sudoku word_ladder
"""
SLOWEST = """
    futoshiki intermediate_integration knight_swap number_sequence sokoban zebra_puzzles
"""
FEWER = dict.fromkeys(SLOW.split(), 640) | dict.fromkeys(SLOWEST.split(), 160)
"""Families that take more than 5, and more than 100 milliseconds to make one problem, or do not
end: number_sequence at its 163rd."""


def check_family(name: str) -> None:
    """Raises Invalid with the nearest names."""
    if name in FAMILIES:
        return
    near = get_close_matches(name, FAMILIES, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "GET /api/catalogue lists them"
    raise invalid("task", f"reasoning-gym has no usable family named {name!r}; {hint}")


def drawn_by_default(name: str) -> int:
    """How many problems are drawn where the parameter `size` does not say."""
    return FEWER.get(name, DRAWN)
